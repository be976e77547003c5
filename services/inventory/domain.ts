import type { DataOf, EventOf } from '../../contracts/events/define';
import {
  productChanged,
  stockAdjusted,
  stockReleased,
  stockReserved,
  type inventoryEvents,
} from '../../contracts/events/inventory';
import type { AdjustStockRequest, ChangeProductRequest } from '../../contracts/http/products';
import type { Money } from '../../contracts/money';
import { fail } from '../../lib/errors/errors';

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
 * Holds all items for an order.
 * @throws `unknown-product`, or `out-of-stock` with every item that is short.
 */
export function decideReservation(stocks: readonly Stock[], orderId: string, items: readonly Item[]): StockChange[] {
  const bySku = new Map(stocks.map((stock) => [stock.sku, stock]));
  const wanted = items.map(({ sku, quantity }) => {
    const stock = bySku.get(sku);
    if (!stock) throw fail('unknown-product', `There is no product ${sku}`);
    return { stock, quantity };
  });
  const short = wanted.filter(({ stock, quantity }) => stock.available < quantity);
  if (short.length > 0) {
    const told = short.map(({ stock, quantity }) => `${stock.sku}: ${quantity} wanted, ${stock.available} available`);
    throw fail('out-of-stock', told.join('; '));
  }
  return wanted.map(({ stock, quantity }) => ({ stock, event: stockReserved({ sku: stock.sku, orderId, quantity }) }));
}

/** Frees what is held for an order. */
export const decideRelease = (held: readonly { stock: Stock; quantity: number }[], orderId: string): StockChange[] =>
  held.map(({ stock, quantity }) => ({ stock, event: stockReleased({ sku: stock.sku, orderId, quantity }) }));

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
  }
}
