import type { Kysely } from 'kysely';
import type { DataOf } from '../../lib/events/define';
import type { orderCreated } from '../../contracts/events/order';
import { selectEnds } from '../../lib/eventlog/trace-store';
import { selectBeforeErasure } from '../../lib/inbox/erasure/erased-streams-store';
import { subscriptionFor } from '../../lib/projections/rows';
import type { TraceReader } from '../../lib/service/trace';
import { order } from './domain';
import { userProfiles } from './read-models/user-profiles';
import { findOrderOf } from './store';
import type { OrderTables } from './tables';

const profiles = subscriptionFor(userProfiles).name;

/** What the order service has recorded about an order; it also knows orders by the request that placed them. */
export const traceOrders = (db: Kysely<OrderTables>): TraceReader => ({
  source: 'orders',
  subjectOf: (id) => findOrderOf(db, id),
  async read(orderId) {
    const { events, omitted } = await selectEnds(db, [order.streamOf(orderId)]);
    const today = events.map((event) => ({ ...event, ...order.upcast(event) }));
    // The first event of an order is its `order.created`.
    const created = today[0]?.data as DataOf<typeof orderCreated> | undefined;
    const isErased = created !== undefined && (await isUserErased(db, created.userId));
    return { events: today, notes: [], omitted, isErased };
  },
});

async function isUserErased(db: Kysely<OrderTables>, userId: string): Promise<boolean> {
  return (await selectBeforeErasure(db, profiles, [{ stream: `user-${userId}`, version: 0 }])).length > 0;
}
