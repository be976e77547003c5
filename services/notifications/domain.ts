import { backoffMs, type Backoff } from '../../lib/async/backoff';

/** What customers are notified of by e-mail. */
export const emailKinds = [
  'confirmed',
  'cancelled',
  'shipped',
  'delivered',
  'review',
  'cancellation_declined',
] as const;
export type EmailKind = (typeof emailKinds)[number];

/** E-mails about an account, to an address that is not that of the user who caused them. */
export type AccountEmailKind = 'email_change' | 'email_change_refused';

/**
 * The state of an e-mail: `pending` is due, or waits for another attempt; `sending` is claimed by a process; `sent` was
 * accepted by the mail server, `bounced` permanently refused by it; `unknown` is one of the two, but not known which, and
 * is not repeated automatically; `not-sendable` has no address; `failed` used up its attempts; `expired` is too old to send.
 */
export const statuses = [
  'pending',
  'sending',
  'sent',
  'bounced',
  'unknown',
  'not-sendable',
  'failed',
  'expired',
] as const;
export type Status = (typeof statuses)[number];

/** An e-mail that was requested. Its address is looked up when it is sent, and stored nowhere else. */
export interface Notification {
  /** Derived from the event: an event never requests a second e-mail. */
  notificationId: string;
  eventId: string;
  orderId: string;
  kind: EmailKind;
  /** Why, for a cancelled order. */
  reason?: string;
  /** Words for the customer, from a person. */
  message?: string | undefined;
  status: Status;
  attempts: number;
  detail?: string;
  createdAt: Date;
  sentAt?: Date;
}

/** How an attempt to send ended. */
export type Attempt =
  | { outcome: 'sent' }
  /** The server refuses permanently. */
  | { outcome: 'bounced'; detail: string }
  /** The server has certainly not accepted it. */
  | { outcome: 'again'; detail: string }
  /** The connection was lost after the message was handed over. */
  | { outcome: 'unknown'; detail: string };

/** The outcome of an attempt, as it is stored. */
export interface Outcome {
  status: Status;
  detail?: string;
  nextAttemptAt?: Date;
  sentAt?: Date;
}

/** With the delays between them, about two days. */
export const maxAttempts = 60;
/** An order's events may overtake its customer's, whose backlog may be long: about half a day. */
export const maxAddressLookups = 24;
const backoff: Backoff = { firstMs: 1_000, maxMs: 3_600_000 };

/** The delay after this many attempts: 1 s, 2 s, 4 s, … an hour. */
export const backoffAfter = (attempts: number): number => backoffMs(attempts, backoff);

/** The state of a notification after an attempt. */
export function afterAttempt(
  attempt: Attempt,
  attempts: number,
): { status: Status; detail?: string; delayMs?: number } {
  if (attempt.outcome !== 'again') return { ...attempt, status: attempt.outcome };
  const { detail } = attempt;
  return attempts >= maxAttempts
    ? { status: 'failed', detail }
    : { status: 'pending', detail, delayMs: backoffAfter(attempts) };
}
