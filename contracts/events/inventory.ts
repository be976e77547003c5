import { z } from 'zod';
import { id } from '../../lib/ids/ids';
import { sku } from '../sku';
import { price } from '../money';
import { defineEvent } from '../../lib/events/define';

const exampleOrderId = '0192f3a0-0000-7000-8000-00000000000a';
const reservation = z.strictObject({ sku, orderId: id, quantity: z.int().positive() });

/** A product is on sale. Its stock follows as `stock.adjusted`. */
export const productAdded = defineEvent('product.added', {
  stream: 'product',
  versions: [{ schema: z.strictObject({ sku, name: z.string(), price }) }],
  example: { sku: 'TEA-1', name: 'Green tea', price: { amount: 1250, currency: 'EUR' } },
});

/** Name or price changed; only what changed is in the event. Orders placed before keep their price. */
export const productChanged = defineEvent('product.changed', {
  stream: 'product',
  versions: [{ schema: z.strictObject({ sku, name: z.string().optional(), price: price.optional() }) }],
  example: { sku: 'TEA-1', price: { amount: 1300, currency: 'EUR' } },
});

/** Pieces were added to or taken from the shelf by a person: deliveries, losses, corrections. */
export const stockAdjusted = defineEvent('stock.adjusted', {
  stream: 'stock',
  subscribers: 'optional',
  versions: [{ schema: z.strictObject({ sku, delta: z.int(), reason: z.string() }) }],
  example: { sku: 'TEA-1', delta: 100, reason: 'initial stock' },
});

/** Pieces are held for an order. */
export const stockReserved = defineEvent('stock.reserved', {
  stream: 'stock',
  subscribers: 'optional',
  versions: [{ schema: reservation }],
  example: { sku: 'TEA-1', orderId: exampleOrderId, quantity: 2 },
});

/** Pieces held for an order are free again. */
export const stockReleased = defineEvent('stock.released', {
  stream: 'stock',
  subscribers: 'optional',
  versions: [{ schema: reservation }],
  example: { sku: 'TEA-1', orderId: exampleOrderId, quantity: 2 },
});

/** Pieces held for an order have left the house. */
export const stockShipped = defineEvent('stock.shipped', {
  stream: 'stock',
  subscribers: 'optional',
  versions: [{ schema: reservation }],
  example: { sku: 'TEA-1', orderId: exampleOrderId, quantity: 2 },
});

/** Pieces that had left the house for an order are back, and free. */
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
