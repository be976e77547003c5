import type { Kysely } from 'kysely';
import { selectEffects } from '../../lib/effects/store';
import type { TraceReader } from '../../lib/service/trace';
import { stock } from './stock';
import { selectEventsOfOrder } from './store';
import type { InventoryTables } from './tables';

/** What the inventory service has recorded about an order. */
export const traceInventory = (db: Kysely<InventoryTables>): TraceReader => ({
  source: 'inventory',
  subjectOf: () => Promise.resolve(undefined),
  async read(orderId) {
    const { events, omitted } = await selectEventsOfOrder(db, orderId);
    return { events: events.map((event) => ({ ...event, ...stock.upcast(event) })), notes: [], omitted };
  },
  effects: (keys) => selectEffects(db, keys),
});
