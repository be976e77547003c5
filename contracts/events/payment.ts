import { z } from 'zod';
import { id } from '../../lib/ids/ids';
import { money } from '../money';
import { defineEvent } from '../../lib/events/define';

const examplePaymentId = '0192f3a0-0000-7000-8000-0000000000f0';
const exampleOrderId = '0192f3a0-0000-7000-8000-00000000000a';
const example = { paymentId: examplePaymentId, orderId: exampleOrderId, amount: { amount: 2500, currency: 'EUR' } };
const payment = z.strictObject({ paymentId: id, orderId: id, amount: money });

/** The gateway has authorised the payment; `flagged` asks for a review by a person. */
export const paymentAuthorized = defineEvent('payment.authorized', {
  stream: 'payment',
  subscribers: 'optional',
  versions: [{ schema: payment.extend({ flagged: z.boolean() }) }],
  example: { ...example, flagged: false },
});

/** The gateway refused the authorisation or the capture. */
export const paymentDeclined = defineEvent('payment.declined', {
  stream: 'payment',
  subscribers: 'optional',
  versions: [{ schema: payment.extend({ reason: z.string() }) }],
  example: { ...example, reason: 'insufficient funds' },
});

/** The authorisation was voided; no money moved. */
export const paymentVoided = defineEvent('payment.voided', {
  stream: 'payment',
  subscribers: 'optional',
  versions: [{ schema: payment }],
  example,
});

/** The payment was captured: the saga's pivot. */
export const paymentCaptured = defineEvent('payment.captured', {
  stream: 'payment',
  subscribers: 'optional',
  versions: [{ schema: payment }],
  example,
});

/** The payment was refunded. */
export const paymentRefunded = defineEvent('payment.refunded', {
  stream: 'payment',
  subscribers: 'optional',
  versions: [{ schema: payment }],
  example,
});

export const paymentEvents = [
  paymentAuthorized,
  paymentDeclined,
  paymentVoided,
  paymentCaptured,
  paymentRefunded,
] as const;
