import { setTimeout as sleep } from 'node:timers/promises';
import type { PlacedOrderResponse, PlaceOrderRequest } from '../../contracts/http/orders';
import { changeOf } from '../../lib/aggregate/handle';
import { coalesce } from '../../lib/async/coalesce';
import type { Database } from '../../lib/db/database';
import { eventRows } from '../../lib/eventlog/append';
import type { IdempotentRequest } from '../../lib/http/idempotency/header';
import { earlierAnswer } from '../../lib/http/idempotency/once';
import type { CommitNotifier } from '../../lib/eventlog/commit-notifier';
import { platformError } from './errors';
import { order } from './decide';
import { priceOrder } from './pricing';
import { listRowOf, lookUp, placeOrders, type Known, type Placement, type Wanted } from './store';
import type { OrderTables } from './tables';

/** How a new order waits for a user or a product that may just be on its way here through the broker. */
const pausesMs = [25, 50, 100, 200, 400, 800];

export interface OrdersOptions {
  database: Database<OrderTables>;
  notifier: Pick<CommitNotifier, 'notify'>;
  clock: () => Date;
  ids: () => string;
}

/** Makes the function that accepts orders. */
export function createPlacing({ database, notifier, clock, ids }: OrdersOptions) {
  const db = database.kysely;
  // Concurrent requests share round trips and commits: measured, this is what carries the accept rate.
  const look = coalesce((batch: Wanted[]) => lookUp(db, batch), { max: 100, lanes: 2 });
  const write = coalesce((batch: Placement[]) => placeOrders(db, batch), { max: 100, lanes: 2 });

  /** The read models follow their owners by milliseconds: somebody created just now is waited for, briefly. */
  async function known(request: PlaceOrderRequest): Promise<Known> {
    const wanted = { userId: request.userId, skus: request.items.map(({ sku }) => sku) };
    let found = await look(wanted);
    for (const pause of pausesMs) {
      if (found.userKnown && wanted.skus.every((sku) => found.products.has(sku))) break;
      await sleep(pause);
      found = await look(wanted);
    }
    return found;
  }

  /**
   * Accepts an order: its event, its list row and its idempotency key are one transaction.
   * A repeated request gets the first one's answer.
   * @throws `unknown-user`, `unknown-product`, `currency-mix`, `idempotency-key-reused`.
   */
  async function place(request: PlaceOrderRequest, idempotency: IdempotentRequest): Promise<PlacedOrderResponse> {
    const { userKnown, products } = await known(request);
    if (!userKnown) throw platformError('unknown-user', `There is no user ${request.userId}`, { field: 'userId' });
    const { items, total } = priceOrder(request.items, products);

    const orderId = ids();
    const { userId, payment, shippingAddress, ifUnavailable } = request;
    const command = {
      type: 'place' as const,
      order: { orderId, userId, items, total, payment, shippingAddress, ifUnavailable },
    };
    const now = clock();
    const placed = changeOf(order, { id: orderId, command }, now);
    const response: PlacedOrderResponse = {
      orderId,
      userId,
      status: 'placed',
      total,
      items,
      placedAt: now.toISOString(),
    };

    // The metadata of the events is that of this request, not of its batch.
    const events = eventRows([placed.append], now);
    if (await write({ idempotency, response, events, row: listRowOf(placed.after) })) {
      notifier.notify();
      return response;
    }
    const before = await earlierAnswer(db, idempotency);
    // The key was there a moment ago and has expired: this is a new order.
    return before ? (before.answer as PlacedOrderResponse) : place(request, idempotency);
  }

  return place;
}
