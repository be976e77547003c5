import { z } from 'zod';
import { id } from '../../lib/ids/ids';
import { money } from '../money';
import { defineEvent } from '../../lib/events/define';

const examplePaymentId = '0192f3a0-0000-7000-8000-0000000000f0';
const exampleOrderId = '0192f3a0-0000-7000-8000-00000000000a';
const example = { paymentId: examplePaymentId, orderId: exampleOrderId, amount: { amount: 2500, currency: 'EUR' } };
const payment = z.strictObject({ paymentId: id, orderId: id, amount: money });

/** The gateway holds the money for us; `flagged` asks for a person's review. */
export const paymentAuthorized = defineEvent('payment.authorized', {
  stream: 'payment',
  subscribers: 'optional',
  versions: [{ schema: payment.extend({ flagged: z.boolean() }) }],
  example: { ...example, flagged: false },
});

/** The gateway refused to hold or to capture the money. */
export const paymentDeclined = defineEvent('payment.declined', {
  stream: 'payment',
  subscribers: 'optional',
  versions: [{ schema: payment.extend({ reason: z.string() }) }],
  example: { ...example, reason: 'insufficient funds' },
});

/** The hold is gone; no money moved. */
export const paymentVoided = defineEvent('payment.voided', {
  stream: 'payment',
  subscribers: 'optional',
  versions: [{ schema: payment }],
  example,
});

/** The money moved to us: the saga's pivot. */
export const paymentCaptured = defineEvent('payment.captured', {
  stream: 'payment',
  subscribers: 'optional',
  versions: [{ schema: payment }],
  example,
});

/** The money went back. */
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
