import { z } from 'zod';
import { id } from '../../lib/ids/ids';
import { currency } from '../money';
import { orderStatuses } from './orders';

/** `GET /ops/orders/:id/explain`: the id may be that of anything that belongs to an order. */
export const explainParams = z.strictObject({
  id: z
    .string()
    .min(1)
    .max(300)
    .describe('The id of an order, a payment, a shipment, an event, a request, a trace, a workflow or an e-mail'),
});

/** One line of a timeline. */
const happening = z.strictObject({
  at: z.iso.datetime(),
  /** Since the line before; negative where the clocks of two processes differ: the lines are in the order of causes. */
  gapMs: z.int(),
  /** A service, or `relay`, `consumer`, `saga`, `gateway`, `email` or `operator`. */
  source: z.string(),
  kind: z.string(),
  text: z.string(),
  /** On whose behalf: `customer`, or the id of another user. */
  actor: z.string().optional(),
  why: z.string().optional(),
  details: z.record(z.string(), z.unknown()).optional(),
});

const ledger = z.strictObject({
  currency: currency.optional(),
  /** In minor units; the amounts add up to `balance`. */
  money: z.array(z.strictObject({ text: z.string(), amount: z.int(), at: z.iso.datetime() })),
  /** What is held or taken of the customer's money, in minor units. */
  balance: z.int(),
  stock: z.array(
    z.strictObject({ sku: z.string(), reserved: z.int(), released: z.int(), shipped: z.int(), returned: z.int() }),
  ),
  /** Nothing is open any more: every piece and every amount has come to its end, and the records agree. */
  closed: z.boolean(),
  /** What is open, or does not add up. */
  open: z.string().optional(),
});
export type Ledger = z.infer<typeof ledger>;

export const explanation = z.strictObject({
  orderId: id,
  /** In one sentence: how it ended and why, the money and the e-mails. */
  summary: z.string(),
  /** `unknown` while the order service cannot be asked. */
  status: z.enum([...orderStatuses, 'unknown']),
  timeline: z.array(happening),
  ledger,
  ids: z.strictObject({
    order: id,
    workflow: z.string(),
    correlation: z.string().optional(),
    payments: z.array(z.string()),
    shipments: z.array(z.string()),
    emails: z.array(z.string()),
  }),
  /** What could not be asked: what it knows is missing. */
  unavailable: z.array(z.strictObject({ source: z.string(), reason: z.string() })),
  /** How many lines were left out, because there are too many. */
  omitted: z.int(),
});
export type Explanation = z.infer<typeof explanation>;
