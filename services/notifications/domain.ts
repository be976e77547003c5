import { backoffMs, type Backoff } from '../../lib/async/backoff';

/** What customers are told by e-mail. */
export const letterKinds = [
  'confirmed',
  'cancelled',
  'shipped',
  'delivered',
  'review',
  'cancellation_declined',
] as const;
export type LetterKind = (typeof letterKinds)[number];

/**
 * Where an e-mail is: `pending` waits for its turn, or for another attempt; `sending` is in somebody's hands; `sent` was
 * taken by the mail server, `bounced` refused by it for good; of `unknown` nobody knows which of the two, and it is not
 * repeated by itself; `not-sendable` has no address; `failed` was tried too often; `expired` would be old news.
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

/** An e-mail as it is asked for: the address is looked up when it is sent, and kept nowhere else. */
export interface Notification {
  /** Belongs to the event: the same event never asks for a second one. */
  notificationId: string;
  eventId: string;
  orderId: string;
  kind: LetterKind;
  /** Why, for a cancelled order. */
  reason?: string;
  status: Status;
  attempts: number;
  detail?: string;
  createdAt: Date;
  sentAt?: Date;
}

/** How an attempt to send ended. */
export type Attempt =
  | { outcome: 'sent' }
  /** The server refuses for good. */
  | { outcome: 'bounced'; detail: string }
  /** The server has certainly not taken it. */
  | { outcome: 'again'; detail: string }
  /** The connection was lost after the message was handed over. */
  | { outcome: 'unknown'; detail: string };

/** With the rests between them, about two days. */
export const mostAttempts = 60;
/** An order's events may be here before its customer is, with a backlog of users long before: about half a day. */
export const mostLooksForAnAddress = 24;
const backoff: Backoff = { firstMs: 1_000, maxMs: 3_600_000 };

/** How long to rest after so many attempts: 1 s, 2 s, 4 s, … an hour. */
export const restAfter = (attempts: number): number => backoffMs(attempts, backoff);

/** What an attempt makes of a notification. */
export function afterAttempt(attempt: Attempt, attempts: number): { status: Status; detail?: string; restMs?: number } {
  if (attempt.outcome !== 'again') return { ...attempt, status: attempt.outcome };
  const { detail } = attempt;
  return attempts >= mostAttempts
    ? { status: 'failed', detail }
    : { status: 'pending', detail, restMs: restAfter(attempts) };
}
