import { z } from 'zod';
import { id } from '../../lib/ids/ids';
import { sku } from '../sku';
import { money, price, type Money } from '../money';
import { address } from '../address';
import { unsealed } from '../../lib/encryption/sealed';
import { defineEvent, type DataOf } from '../../lib/events/define';
import type { PlacedOrder } from '../saga/order';

const exampleOrderId = '0192f3a0-0000-7000-8000-00000000000a';
const exampleUserId = '0192f3a0-0000-7000-8000-000000000001';

const lineV1 = z.strictObject({ sku, name: z.string(), quantity: z.int().min(1).max(10_000), price });
/** Since version 2 a line has its total. */
const line = lineV1.extend({ lineTotal: money });

/** An order line with the price at which it was ordered; later price changes do not affect it. */
export type OrderLine = z.infer<typeof line>;

/** A line with its total. */
export const withTotal = (unpriced: z.infer<typeof lineV1>): OrderLine => ({
  ...unpriced,
  lineTotal: { amount: unpriced.price.amount * unpriced.quantity, currency: unpriced.price.currency },
});

/** The sum of `price × quantity` over all lines, which must have the same currency; the caller checks that. */
export function totalOf(lines: readonly { price: Money; quantity: number }[]): Money {
  const currency = lines[0]?.price.currency ?? 'EUR';
  return { amount: lines.reduce((sum, line) => sum + line.price.amount * line.quantity, 0), currency };
}

const createdV1 = z.strictObject({
  orderId: id,
  userId: id,
  items: z.array(lineV1).min(1).max(100),
  total: money,
  payment: z.strictObject({ token: z.string() }),
  shippingAddress: address,
});
const createdV2 = createdV1.extend({ items: z.array(line).min(1).max(100) });
/** Since version 3 the customer chooses what happens when some items are out of stock. */
const createdV3 = createdV2.extend({ ifUnavailable: z.enum(['cancel', 'ship_rest']) });
/**
 * Since version 4 only the services that charge and ship an order can read its payment token and address: `details` has
 * them sealed (`contracts/order-details.ts`).
 */
const createdV4 = createdV3.omit({ payment: true, shippingAddress: true }).extend({
  /** The country that the order is shipped to. */
  destination: address.shape.country,
  details: z.string().min(1),
});

/** A customer placed an order; its saga starts on this event. */
export const orderCreated = defineEvent('order.created', {
  stream: 'order',
  versions: [
    { schema: createdV1 },
    {
      schema: createdV2,
      // A reader of version 1 multiplies by itself.
      readableFrom: 1,
      upcast: (v1: z.infer<typeof createdV1>): z.infer<typeof createdV2> => ({ ...v1, items: v1.items.map(withTotal) }),
    },
    {
      schema: createdV3,
      // Not readable from 2: a reader that does not know the choice would cancel an order that can be shipped in part.
      upcast: (v2: z.infer<typeof createdV2>): z.infer<typeof createdV3> => ({ ...v2, ifUnavailable: 'cancel' }),
    },
    {
      schema: createdV4,
      upcast: ({ payment, shippingAddress, ...v3 }: z.infer<typeof createdV3>): z.infer<typeof createdV4> => ({
        ...v3,
        destination: shippingAddress.country,
        details: unsealed({ payment, shippingAddress }),
      }),
    },
  ],
  example: {
    orderId: exampleOrderId,
    userId: exampleUserId,
    items: [
      {
        sku: 'TEA-1',
        name: 'Green tea',
        quantity: 2,
        price: { amount: 1250, currency: 'EUR' },
        lineTotal: { amount: 2500, currency: 'EUR' },
      },
    ],
    total: { amount: 2500, currency: 'EUR' },
    ifUnavailable: 'cancel',
    destination: 'GB',
    details: 'k1:kM3xqQ0ZC1nVx2tYwT7m9A',
  },
});

/** Some lines were out of stock and have been dropped; `total` is that of the rest. */
export const orderReduced = defineEvent('order.reduced', {
  stream: 'order',
  versions: [{ schema: z.strictObject({ orderId: id, dropped: z.array(sku).min(1).max(100), total: money }) }],
  example: { orderId: exampleOrderId, dropped: ['CUP-2'], total: { amount: 2500, currency: 'EUR' } },
});

/** The order waits for a review by a person: it is large, or its payment was flagged. */
export const orderReviewRequested = defineEvent('order.review_requested', {
  stream: 'order',
  versions: [{ schema: z.strictObject({ orderId: id, reason: z.string() }) }],
  example: { orderId: exampleOrderId, reason: 'total above the threshold' },
});

/** Stock is reserved, the payment captured, the shipment booked: the order will be delivered. */
export const orderConfirmed = defineEvent('order.confirmed', {
  stream: 'order',
  versions: [{ schema: z.strictObject({ orderId: id }) }],
  example: { orderId: exampleOrderId },
});

/** The customer asked to cancel the order, and that was accepted. */
export const orderCancellationRequested = defineEvent('order.cancellation_requested', {
  stream: 'order',
  versions: [{ schema: z.strictObject({ orderId: id, reason: z.string().optional() }) }],
  example: { orderId: exampleOrderId, reason: 'ordered twice' },
});

/** The cancellation came too late: the parcel can no longer be called back. The order continues, and can be returned. */
export const orderCancellationDeclined = defineEvent('order.cancellation_declined', {
  stream: 'order',
  versions: [{ schema: z.strictObject({ orderId: id, reason: z.string() }) }],
  example: { orderId: exampleOrderId, reason: 'parcel-delivered' },
});

const cancelledV1 = z.strictObject({
  orderId: id,
  reason: z.enum([
    'out-of-stock',
    'unknown-product',
    'payment-declined',
    'review-rejected',
    'review-timed-out',
    'address-not-serviceable',
    'capture-refused',
    'customer-request',
    'operator-request',
    'failed',
  ]),
  detail: z.string().optional(),
});
/** Since version 2 the reason is an open set: `cancelReasons` are the current ones, readers must expect others. */
const cancelledV2 = cancelledV1.extend({ reason: z.string().min(1).max(100) });

/** Since version 3 `detail` is for operators only, and `message` is for the customer. */
const cancelledV3 = cancelledV2.extend({ message: z.string().optional() });

/** The order has ended, and everything that was done for it is undone. */
export const orderCancelled = defineEvent('order.cancelled', {
  stream: 'order',
  versions: [
    { schema: cancelledV1 },
    { schema: cancelledV2, upcast: (v1: z.infer<typeof cancelledV1>) => v1 },
    // What was noted for an old one may have been meant for operators only: it stays `detail`. A reader of version 2 does
    // without the message.
    { schema: cancelledV3, readableFrom: 2, upcast: (v2: z.infer<typeof cancelledV2>) => v2 },
  ],
  example: { orderId: exampleOrderId, reason: 'out-of-stock', detail: 'TEA-1: 5 wanted, 2 available' },
});

/** The carrier has the parcel. */
export const orderShipped = defineEvent('order.shipped', {
  stream: 'order',
  versions: [{ schema: z.strictObject({ orderId: id }) }],
  example: { orderId: exampleOrderId },
});

/** The customer has the parcel. */
export const orderDelivered = defineEvent('order.delivered', {
  stream: 'order',
  versions: [{ schema: z.strictObject({ orderId: id }) }],
  example: { orderId: exampleOrderId },
});

/** A step that must succeed keeps failing, so the saga waits for an operator's decision. */
export const orderAttentionNeeded = defineEvent('order.attention_needed', {
  stream: 'order',
  versions: [{ schema: z.strictObject({ orderId: id, step: z.string(), reason: z.string() }) }],
  example: { orderId: exampleOrderId, step: 'refundPayment', reason: 'The gateway refuses' },
});

/** The customer returns the goods; stock and payment follow. */
export const orderReturnRequested = defineEvent('order.return_requested', {
  stream: 'order',
  versions: [{ schema: z.strictObject({ orderId: id, reason: z.string().optional() }) }],
  example: { orderId: exampleOrderId, reason: 'too green' },
});

/** The goods are back in stock, and the payment is refunded. */
export const orderReturned = defineEvent('order.returned', {
  stream: 'order',
  versions: [{ schema: z.strictObject({ orderId: id }) }],
  example: { orderId: exampleOrderId },
});

export const orderEvents = [
  orderCreated,
  orderReduced,
  orderReviewRequested,
  orderConfirmed,
  orderCancellationRequested,
  orderCancellationDeclined,
  orderCancelled,
  orderShipped,
  orderDelivered,
  orderAttentionNeeded,
  orderReturnRequested,
  orderReturned,
] as const;

/** What the saga needs of a new order. */
export const toPlacedOrder = (created: DataOf<typeof orderCreated>): PlacedOrder => ({
  orderId: created.orderId,
  userId: created.userId,
  items: created.items.map(({ sku, quantity }) => ({ sku, quantity })),
  total: created.total,
  destination: created.destination,
  details: created.details,
  ...(created.ifUnavailable === 'ship_rest' ? { ifUnavailable: created.ifUnavailable } : {}),
});
