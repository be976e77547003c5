import type { Kysely } from 'kysely';
import type { OrderListQuery } from '../../contracts/http/orders';
import { classify } from '../../lib/errors/classify';
import { platformError } from '../../lib/errors/errors';
import type { Envelope } from '../../lib/aggregate/aggregate';
import { foldStream } from '../../lib/aggregate/loading';
import { order, type OrderCommand, type Order, type OrderEvent } from './domain';
import { loadEvents } from './history';
import { createPlacing, type OrdersOptions } from './placing';
import { createRecall } from './recall';
import { listOrders, orders } from './store';
import type { OrderTables } from './tables';

/** An order with the version, times and timeline of its stream. */
export interface OrderSnapshot {
  order: Order;
  version: number;
  placedAt: Date;
  updatedAt: Date;
  timeline: { version: number; type: string; time: Date }[];
}

/** The snapshot of an order folded from its stream; undefined when there is none. */
function snapshotOf({ state, version, facts }: Envelope<Order, OrderEvent>): OrderSnapshot | undefined {
  const [first, last] = [facts[0], facts.at(-1)];
  if (!state || !first || !last) return undefined;
  const timeline = facts.map(({ version, type, time }) => ({ version, type, time }));
  return { order: state, version, placedAt: first.time, updatedAt: last.time, timeline };
}

/** A moment in an order's life: right after an event, or at a time. */
export type Moment = { toVersion: number } | { until: Date };

/** The order folded from its stream, now or at a moment; undefined when it did not exist. */
export const loadOrder = async (
  db: Kysely<OrderTables>,
  orderId: string,
  moment?: Moment,
): Promise<OrderSnapshot | undefined> => snapshotOf(await foldStream(order, db, orderId, moment));

export type OrdersService = ReturnType<typeof createOrdersService>;

/** The operations of the order service. Every change is an event, and the list row changes in the same statement. */
export function createOrdersService(options: OrdersOptions) {
  const { database, notifier, clock } = options;
  const db = database.kysely;

  /** The order after a command; repeating it changes nothing. @throws what the order's `decide` does. */
  async function change(orderId: string, command: OrderCommand): Promise<OrderSnapshot> {
    const handled = orders.handle(db, orderId, command, { now: clock() });
    const after = snapshotOf(await handled.catch((error: unknown) => refuse(orderId, error)));
    notifier.notify();
    return after ?? unknown(orderId);
  }

  /** The order now, or as it was at a moment. @throws `not-found`, also when it did not exist at that moment. */
  async function get(orderId: string, moment?: Moment): Promise<OrderSnapshot> {
    const found = (await loadOrder(db, orderId, moment)) ?? unknown(orderId, moment && ' at that time');
    if (moment && 'toVersion' in moment && found.version < moment.toVersion)
      throw platformError(
        'not-found',
        `Order ${orderId} has no version ${moment.toVersion}; its latest is ${found.version}`,
      );
    return found;
  }

  return {
    place: createPlacing(options),
    get,
    events: (orderId: string, page: { cursor: number; limit: number }) => loadEvents(db, orderId, page),
    list: (query: OrderListQuery) => listOrders(db, query),
    recall: createRecall(db),
    change,
  };
}

/** A command knows nothing of its order, so the id is added here. */
function refuse(orderId: string, error: unknown): never {
  if (classify(error).code === 'not-found') unknown(orderId);
  throw error;
}

function unknown(orderId: string, when = ''): never {
  throw platformError('not-found', `There is no order ${orderId}${when}`);
}
