import { setTimeout as sleep } from 'node:timers/promises';
import { totalOf, withTotal, type OrderLine } from '../../contracts/events/order';
import type { PlacedOrderResponse, PlaceOrderRequest } from '../../contracts/http/orders';
import type { Money } from '../../contracts/money';
import { changeOf } from '../../lib/aggregate/handle';
import { coalesce } from '../../lib/async/batching';
import type { Database } from '../../lib/db/database';
import { eventRows } from '../../lib/eventlog/store';
import type { IdempotentRequest } from '../../lib/http/idempotency/header';
import { earlierAnswer } from '../../lib/http/idempotency/once';
import type { CommitNotifier } from '../../lib/eventlog/commit-notifier';
import type { OrderDetails } from '../../contracts/order-details';
import type { Seal } from '../../lib/encryption/sealed';
import { platformError } from './errors';
import { order as aggregate } from './domain';
import {
  listRowOf,
  findCatalog,
  placeOrders,
  type Catalog,
  type CatalogQuery,
  type Placement,
  type Product,
} from './store';
import type { OrderTables } from './tables';

/** Delays before looking again for a user or a product whose event may still be on its way through the broker. */
const delaysMs = [25, 50, 100, 200, 400, 800];

export interface OrdersOptions {
  database: Database<OrderTables>;
  notifier: Pick<CommitNotifier, 'notify'>;
  /** Seals what only the services that charge and ship may read. */
  details: Pick<Seal<OrderDetails>, 'seal'>;
  clock: () => Date;
  ids: () => string;
}

/** Makes the function that accepts new orders. */
export function createPlacing({ database, notifier, details: seal, clock, ids }: OrdersOptions) {
  const db = database.kysely;
  // Concurrent requests share round trips and commits: measured, this is what carries the accept rate.
  const find = coalesce((batch: CatalogQuery[]) => findCatalog(db, batch), { max: 100, lanes: 2 });
  const write = coalesce((batch: Placement[]) => placeOrders(db, batch), { max: 100, lanes: 2 });

  /** The read models lag behind their owners by milliseconds, so a user or product created just now gets a moment. */
  async function catalogFor(request: PlaceOrderRequest): Promise<Catalog> {
    const query = { userId: request.userId, skus: request.items.map(({ sku }) => sku) };
    let catalog = await find(query);
    for (const delay of delaysMs) {
      if (catalog.hasUser && query.skus.every((sku) => catalog.products.has(sku))) break;
      await sleep(delay);
      catalog = await find(query);
    }
    return catalog;
  }

  /**
   * Accepts an order: its event, its list row and its idempotency key are one transaction.
   * A repeated request gets the first answer.
   * @throws `unknown-user`, `unknown-product`, `currency-mix`, `idempotency-key-reused`.
   */
  async function place(request: PlaceOrderRequest, idempotency: IdempotentRequest): Promise<PlacedOrderResponse> {
    const { hasUser, products } = await catalogFor(request);
    if (!hasUser) throw platformError('unknown-user', `There is no user ${request.userId}`, { field: 'userId' });
    const { items, total } = priceOrder(request.items, products);

    const orderId = ids();
    const { userId, payment, shippingAddress, ifUnavailable } = request;
    const details = seal.seal({ payment, shippingAddress }, orderId);
    const destination = shippingAddress.country;
    const order = { orderId, userId, items, total, ifUnavailable, destination, details };
    const now = clock();
    const placed = changeOf(aggregate, { id: orderId, command: { type: 'place', order } }, now);
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
    // The key existed a moment ago and has expired since: this is a new order.
    return before ? (before.answer as PlacedOrderResponse) : place(request, idempotency);
  }

  return place;
}

/**
 * The lines of an order with today's names and prices, and their sum.
 * @throws `unknown-product` for a SKU without a product, `currency-mix` when the prices have more than one currency.
 */
export function priceOrder(
  wanted: readonly { sku: string; quantity: number }[],
  products: ReadonlyMap<string, Product>,
): { items: OrderLine[]; total: Money } {
  const items = wanted.map(({ sku, quantity }, index) => {
    const product = products.get(sku);
    if (!product)
      throw platformError('unknown-product', `There is no product ${sku}`, { field: `items[${index}].sku` });
    return withTotal({ sku, name: product.name, quantity, price: product.price });
  });
  const currencies = [...new Set(items.map(({ price }) => price.currency))];
  if (currencies.length > 1) {
    throw platformError(
      'currency-mix',
      `The products are priced in ${currencies.join(' and ')}; place an order for each currency`,
      { field: 'items' },
    );
  }
  return { items, total: totalOf(items) };
}
