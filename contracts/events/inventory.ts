import { z } from 'zod';
import { id } from '../../lib/ids/ids';
import { sku } from '../sku';
import { price } from '../money';
import { defineEvent } from '../../lib/events/define';

const exampleOrderId = '0192f3a0-0000-7000-8000-00000000000a';
const reservation = z.strictObject({ sku, orderId: id, quantity: z.int().positive() });

/** A product was added. Its initial stock follows as `stock.adjusted`. */
export const productAdded = defineEvent('product.added', {
  stream: 'product',
  versions: [{ schema: z.strictObject({ sku, name: z.string(), price }) }],
  example: { sku: 'TEA-1', name: 'Green tea', price: { amount: 1250, currency: 'EUR' } },
});

/** The name or price changed; the event has only what changed. Existing orders keep their price. */
export const productChanged = defineEvent('product.changed', {
  stream: 'product',
  versions: [{ schema: z.strictObject({ sku, name: z.string().optional(), price: price.optional() }) }],
  example: { sku: 'TEA-1', price: { amount: 1300, currency: 'EUR' } },
});

/** An operator added or took units: deliveries, losses, corrections. */
export const stockAdjusted = defineEvent('stock.adjusted', {
  stream: 'stock',
  subscribers: 'optional',
  versions: [{ schema: z.strictObject({ sku, delta: z.int(), reason: z.string() }) }],
  example: { sku: 'TEA-1', delta: 100, reason: 'initial stock' },
});

/** Units are reserved for an order. */
export const stockReserved = defineEvent('stock.reserved', {
  stream: 'stock',
  subscribers: 'optional',
  versions: [{ schema: reservation }],
  example: { sku: 'TEA-1', orderId: exampleOrderId, quantity: 2 },
});

/** Units reserved for an order are available again. */
export const stockReleased = defineEvent('stock.released', {
  stream: 'stock',
  subscribers: 'optional',
  versions: [{ schema: reservation }],
  example: { sku: 'TEA-1', orderId: exampleOrderId, quantity: 2 },
});

/** Units reserved for an order have been shipped. */
export const stockShipped = defineEvent('stock.shipped', {
  stream: 'stock',
  subscribers: 'optional',
  versions: [{ schema: reservation }],
  example: { sku: 'TEA-1', orderId: exampleOrderId, quantity: 2 },
});

/** Units shipped for an order are back, and available. */
export const stockReturned = defineEvent('stock.returned', {
  stream: 'stock',
  subscribers: 'optional',
  versions: [{ schema: reservation }],
  example: { sku: 'TEA-1', orderId: exampleOrderId, quantity: 2 },
});

export const inventoryEvents = [
  productAdded,
  productChanged,
  stockAdjusted,
  stockReserved,
  stockReleased,
  stockShipped,
  stockReturned,
] as const;
