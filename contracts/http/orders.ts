import { z } from 'zod';
import { address, requestedAddress } from '../address';
import { anyCaseId, id } from '../../lib/ids/ids';
import { sku } from '../sku';
import { money, price, requestedCurrency } from '../money';

export const orderStatuses = [
  'placed',
  'in_review',
  'confirmed',
  'shipped',
  'delivered',
  'returned',
  'cancelled',
] as const;
export const orderStatus = z.enum(orderStatuses);

const wantedItem = z.strictObject({ sku, quantity: z.int().min(1).max(10_000) });

const wantedItems = z
  .array(wantedItem)
  .min(1)
  .max(100)
  .superRefine((items, context) => {
    const seen = new Set<string>();
    for (const [index, item] of items.entries()) {
      if (seen.has(item.sku)) {
        context.addIssue({
          code: 'custom',
          path: [index, 'sku'],
          message: `${item.sku} is listed twice; add up its quantities`,
        });
      }
      seen.add(item.sku);
    }
  });

/** `POST /orders` */
export const placeOrderRequest = z.strictObject({
  userId: anyCaseId,
  items: wantedItems,
  payment: z.strictObject({ token: z.string().min(1).max(200) }),
  shippingAddress: requestedAddress,
  /** What to do when some items are out of stock: cancel the order, or ship and charge the others. */
  ifUnavailable: z.enum(['cancel', 'ship_rest']).default('cancel'),
});
export type PlaceOrderRequest = z.infer<typeof placeOrderRequest>;

export const orderLine = z.strictObject({ sku, name: z.string(), quantity: z.int(), price, lineTotal: money });

/** The answer to `POST /orders`: accepted, and processed by the saga. */
export const placedOrderResponse = z.strictObject({
  orderId: id,
  userId: id,
  status: z.literal('placed'),
  total: money,
  items: z.array(orderLine),
  placedAt: z.iso.datetime(),
});
export type PlacedOrderResponse = z.infer<typeof placedOrderResponse>;

/** `GET /orders/:id` */
export const orderResponse = z.strictObject({
  orderId: id,
  userId: id,
  status: orderStatus,
  version: z.int(),
  items: z.array(orderLine),
  total: money,
  shippingAddress: address,
  ifUnavailable: z.enum(['cancel', 'ship_rest']),
  reason: z.string().optional(),
  /** More about the reason, for operators. */
  detail: z.string().optional(),
  /** What the customer is told about the reason. */
  message: z.string().optional(),
  /** The state of a requested cancellation, until the order is cancelled. */
  cancellation: z.enum(['requested', 'declined']).optional(),
  placedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  timeline: z.array(z.strictObject({ version: z.int(), type: z.string(), time: z.iso.datetime() })),
});

/** `GET /orders/:id`: now, or at a version or a time. */
export const orderQuery = z
  .strictObject({
    version: z.coerce.number().int().min(1).optional(),
    at: z.iso.datetime({ offset: true }).optional(),
  })
  .refine(({ version, at }) => version === undefined || at === undefined, {
    message: 'give a version or a time, not both',
    path: ['at'],
  });

const stored = z.strictObject({ dataVersion: z.int(), data: z.unknown() });

/** One line of an order's history, for operators: what happened, and on whose behalf. */
export const orderEvent = z.strictObject({
  version: z.int(),
  eventId: z.string(),
  type: z.string(),
  time: z.iso.datetime(),
  /** The user whose request led to the event. */
  actor: z.string().optional(),
  /** The reason, where the event has one. */
  reason: z.string().optional(),
  correlationId: z.string(),
  /** The event that led to this one. */
  causationId: z.string().optional(),
  /** The latest version of the event's data. */
  dataVersion: z.int(),
  data: z.unknown(),
  /** As it was written. */
  raw: stored,
});

/** One line of an order's history, for its customer: what happened, without what only operators need to know. */
export const customerOrderEvent = z.strictObject({
  version: z.int(),
  type: z.string(),
  time: z.iso.datetime(),
  data: z.strictObject({
    items: z.array(orderLine).optional(),
    total: money.optional(),
    /** The country that the order is shipped to. */
    destination: address.shape.country.optional(),
    ifUnavailable: z.enum(['cancel', 'ship_rest']).optional(),
    /** The SKUs of lines that were out of stock. */
    dropped: z.array(sku).optional(),
    reason: z.string().optional(),
    message: z.string().optional(),
  }),
});
export type CustomerOrderEvent = z.infer<typeof customerOrderEvent>;

/** `GET /orders/:id/events`: the first to the last; `nextCursor` is present while more follow. */
export const orderEventsResponse = z.strictObject({
  items: z.array(z.union([orderEvent, customerOrderEvent])),
  nextCursor: z.string().optional(),
});
export const orderEventsQuery = z.strictObject({
  cursor: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** One line of `GET /orders`. */
export const orderSummary = z.strictObject({
  orderId: id,
  userId: id,
  status: orderStatus,
  version: z.int(),
  total: money,
  reason: z.string().optional(),
  placedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

/** `GET /orders`: newest first; `nextCursor` is present while more follow. */
export const orderListResponse = z.strictObject({ items: z.array(orderSummary), nextCursor: z.string().optional() });

const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const total = z.coerce.number().int().min(0);

export const orderListQuery = z
  .strictObject({
    userId: anyCaseId.optional(),
    status: orderStatus.optional(),
    /** Placed at this time or later. */
    from: time.optional(),
    /** Placed before this time. */
    to: time.optional(),
    /** In minor units, both ends included. */
    minTotal: total.optional(),
    maxTotal: total.optional(),
    /** The currency of `minTotal` and `maxTotal`. */
    currency: requestedCurrency.optional(),
    cursor: anyCaseId.optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  })
  .refine(({ from, to }) => !from || !to || from < to, { message: 'to must be after from', path: ['to'] })
  .refine(({ minTotal = 0, maxTotal = Infinity }) => minTotal <= maxTotal, {
    message: 'maxTotal must not be less than minTotal',
    path: ['maxTotal'],
  });
export type OrderListQuery = z.infer<typeof orderListQuery>;

const why = z.string().min(1).max(500);

/** `POST /orders/:id/cancel` and `/return` */
export const customerRequest = z.strictObject({ reason: why.optional() });

/** Accepted: the saga does the rest. */
export const customerRequestAccepted = z.strictObject({ orderId: id, status: orderStatus });

/** `POST /orders/:id/review` */
export const reviewRequest = z.strictObject({
  decision: z.enum(['approve', 'reject']),
  /** For operators only; it is kept in the audit log. */
  note: why.optional(),
  /** For the customer: shown with the order, and in the e-mail about its cancellation. */
  message: why.optional(),
});
export type ReviewRequest = z.infer<typeof reviewRequest>;
export const reviewedResponse = z.strictObject({ orderId: id, decision: z.enum(['approve', 'reject']) });
