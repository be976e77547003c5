import type { OrderListQuery } from '../../contracts/http/orders';
import { classify } from '../../lib/errors/classify';
import { fail } from '../../lib/errors/errors';
import { appendEvents, timeAfter } from '../../lib/eventlog/append';
import { decide, type OrderCommand } from './decide';
import { loadEvents, loadOrder, streamOf, type Moment } from './history';
import { createPlacing, type OrdersOptions } from './placing';
import { createRecall } from './recall';
import { listOrders, rowUpdate } from './store';
import { foldNew, type FoldedOrder } from './view';

export type OrdersService = ReturnType<typeof createOrdersService>;

/** What the order service can do; every change is an event, and the list row changes in the same statement. */
export function createOrdersService(options: OrdersOptions) {
  const { database, waker, clock } = options;
  const db = database.kysely;
  /** Decides on the order's own events, and tries again when somebody else appended meanwhile. */
  async function change(orderId: string, command: OrderCommand): Promise<FoldedOrder> {
    for (let attempt = 1; ; attempt += 1) {
      const before = await loadOrder(db, orderId);
      const events = decide(command, before?.order);
      if (events.length === 0 && before) return before;
      const append = { stream: streamOf(orderId), expectedVersion: before?.version ?? 0, events };
      const now = timeAfter(before?.updatedAt, clock());
      const after = foldNew(before, append, now);
      try {
        await appendEvents(db, [append], { now, writes: [rowUpdate(after.row)] });
        waker.wake();
        return after;
      } catch (error) {
        if (classify(error).code !== 'version-conflict' || attempt === 5) throw error;
      }
    }
  }

  /** The order now, or as it was at a moment. @throws `not-found`, also when it was not there at that moment. */
  async function get(orderId: string, moment?: Moment): Promise<FoldedOrder> {
    const folded = await loadOrder(db, orderId, moment);
    if (!folded) throw fail('not-found', `There is no order ${orderId}${moment ? ' at that time' : ''}`);
    if (moment && 'toVersion' in moment && folded.version < moment.toVersion)
      throw fail('not-found', `Order ${orderId} has no version ${moment.toVersion}; the last is ${folded.version}`);
    return folded;
  }

  return {
    place: createPlacing(options),
    get,
    events: (orderId: string, page: { cursor: number; limit: number }) => loadEvents(db, orderId, page),
    list: (query: OrderListQuery) => listOrders(db, query),
    recall: createRecall(db),
    /** What the order comes to once the saga, or a person, has said something to it; repeating it changes nothing. */
    change,
  };
}
