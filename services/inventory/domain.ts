import type { DataOf, EventOf } from '../../lib/events/define';
import {
  productChanged,
  stockAdjusted,
  stockReleased,
  stockReserved,
  stockReturned,
  stockShipped,
  type inventoryEvents,
} from '../../contracts/events/inventory';
import type { AdjustStockRequest, ChangeProductRequest } from '../../contracts/http/products';
import type { Money } from '../../contracts/money';
import { fail } from './errors';

export interface Product {
  sku: string;
  name: string;
  price: Money;
  version: number;
}

/** Where the pieces of a SKU are; together they are all that were ever added. */
export interface Stock {
  sku: string;
  version: number;
  available: number;
  reserved: number;
  shipped: number;
}

export interface Item {
  sku: string;
  quantity: number;
}

export type StockEvent = Extract<EventOf<(typeof inventoryEvents)[number]>, { type: `stock.${string}` }>;
/** A stock and the event that is about to change it. */
export interface StockChange {
  stock: Stock;
  event: StockEvent;
}

/** What a wished change really changes; undefined when everything is so already. */
export function decideChange(product: Product, wish: ChangeProductRequest): EventOf<typeof productChanged> | undefined {
  const name = wish.name === product.name ? undefined : wish.name;
  const price = samePrice(wish.price, product.price) ? undefined : wish.price;
  if (name === undefined && price === undefined) return undefined;
  const { sku } = product;
  return productChanged({ sku, ...(name === undefined ? {} : { name }), ...(price === undefined ? {} : { price }) });
}

/** The product after the change. */
export const applyChange = (product: Product, { name, price }: DataOf<typeof productChanged>): Product => ({
  ...product,
  name: name ?? product.name,
  price: price ?? product.price,
  version: product.version + 1,
});

const samePrice = (a: Money | undefined, b: Money): boolean => a?.amount === b.amount && a.currency === b.currency;

/** The stock of a product that was only just added. */
export const emptyStock = (sku: string): Stock => ({ sku, version: 0, available: 0, reserved: 0, shipped: 0 });

/** Pieces came or went. @throws `conflict` when more would go than are free. */
export function decideAdjustment(stock: Stock, { delta, reason }: AdjustStockRequest): StockEvent {
  const { sku, available, reserved } = stock;
  if (available + delta < 0) {
    throw fail('conflict', `${sku}: ${available} pieces are free, ${reserved} are reserved; ${-delta} cannot go`, {
      field: 'delta',
    });
  }
  return stockAdjusted({ sku, delta, reason });
}

/**
 * Holds all items for an order; where the customer wants the rest, those that are there, unless that is none.
 * @throws `unknown-product`, or `out-of-stock` with every item that is short.
 */
export function decideReservation(
  stocks: readonly Stock[],
  orderId: string,
  items: readonly Item[],
  ifUnavailable: 'cancel' | 'ship_rest' = 'cancel',
): { changes: StockChange[]; dropped: string[] } {
  const bySku = new Map(stocks.map((stock) => [stock.sku, stock]));
  const wanted = items.map(({ sku, quantity }) => {
    const stock = bySku.get(sku);
    if (!stock) throw fail('unknown-product', `There is no product ${sku}`);
    return { stock, quantity };
  });
  const isThere = ({ stock, quantity }: Held): boolean => stock.available >= quantity;
  const short = wanted.filter((one) => !isThere(one));
  if (short.length > 0 && (ifUnavailable === 'cancel' || short.length === wanted.length)) {
    const told = short.map(({ stock, quantity }) => `${stock.sku}: ${quantity} wanted, ${stock.available} available`);
    throw fail('out-of-stock', told.join('; '));
  }
  return {
    changes: forEach(stockReserved, wanted.filter(isThere), orderId),
    dropped: short.map(({ stock }) => stock.sku),
  };
}

/** Pieces of a stock that belong to an order. */
export interface Held {
  stock: Stock;
  quantity: number;
}

type OrdersEvent = typeof stockReserved | typeof stockReleased | typeof stockShipped | typeof stockReturned;

const forEach = (event: OrdersEvent, held: readonly Held[], orderId: string): StockChange[] =>
  held.map(({ stock, quantity }) => ({ stock, event: event({ sku: stock.sku, orderId, quantity }) }));

/** Frees what is held for an order. */
export const decideRelease = (held: readonly Held[], orderId: string) => forEach(stockReleased, held, orderId);

/** What is held for an order leaves the house. */
export const decideShipping = (held: readonly Held[], orderId: string) => forEach(stockShipped, held, orderId);

/** What has left the house for an order is back. */
export const decideReturn = (sent: readonly Held[], orderId: string) => forEach(stockReturned, sent, orderId);

/** The stock after one more event. */
export function evolveStock(stock: Stock, event: StockEvent): Stock {
  const { version, available, reserved, shipped } = stock;
  const next = { ...stock, version: version + 1 };
  switch (event.type) {
    case 'stock.adjusted':
      return { ...next, available: available + event.data.delta };
    case 'stock.reserved':
      return { ...next, available: available - event.data.quantity, reserved: reserved + event.data.quantity };
    case 'stock.released':
      return { ...next, available: available + event.data.quantity, reserved: reserved - event.data.quantity };
    case 'stock.shipped':
      return { ...next, reserved: reserved - event.data.quantity, shipped: shipped + event.data.quantity };
    case 'stock.returned':
      return { ...next, shipped: shipped - event.data.quantity, available: available + event.data.quantity };
  }
}
