import type { OrderListQuery } from '../../contracts/http/orders';
import { platformError } from '../../lib/errors/errors';
import type { OrderCommand } from './decide';
import { loadEvents } from './history';
import { createPlacing, type OrdersOptions } from './placing';
import { createRecall } from './recall';
import { loadOrder, snapshotOf, type Moment, type OrderSnapshot } from './snapshot';
import { listOrders, orders } from './store';

export type OrdersService = ReturnType<typeof createOrdersService>;

/** What the order service can do; every change is an event, and the list row changes in the same statement. */
export function createOrdersService(options: OrdersOptions) {
  const { database, notifier, clock } = options;
  const db = database.kysely;

  /** What the order comes to once the saga, or a person, has said something to it; repeating it changes nothing. */
  async function change(orderId: string, command: OrderCommand): Promise<OrderSnapshot> {
    const after = snapshotOf(await orders.handle(db, orderId, command, { now: clock() }));
    notifier.notify();
    return after ?? unknown(orderId);
  }

  /** The order now, or as it was at a moment. @throws `not-found`, also when it was not there at that moment. */
  async function get(orderId: string, moment?: Moment): Promise<OrderSnapshot> {
    const found = (await loadOrder(db, orderId, moment)) ?? unknown(orderId, moment && ' at that time');
    if (moment && 'toVersion' in moment && found.version < moment.toVersion)
      throw platformError(
        'not-found',
        `Order ${orderId} has no version ${moment.toVersion}; the last is ${found.version}`,
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

function unknown(orderId: string, when = ''): never {
  throw platformError('not-found', `There is no order ${orderId}${when}`);
}
