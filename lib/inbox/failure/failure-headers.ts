import { namespace } from '../../config/namespace';
import type { IncomingMessage } from '../message';

/** Headers that record the failures of a message; they stay with it through delays and dead letters. */
export const failureHeaders = {
  attempts: `${namespace}-attempts`,
  queue: `${namespace}-queue`,
  exchange: `${namespace}-exchange`,
  routingKey: `${namespace}-routing-key`,
  firstFailedAt: `${namespace}-first-failed-at`,
  firstError: `${namespace}-first-error`,
  lastFailedAt: `${namespace}-last-failed-at`,
  lastError: `${namespace}-last-error`,
  reason: `${namespace}-reason`,
  stack: `${namespace}-stack`,
} as const;

/** A message with this header has a single attempt: it was redriven, and an operator waits for its outcome. */
export const singleAttemptHeader = `${namespace}-one-attempt`;

/** How many attempts to handle this message have failed before. */
export const failedAttempts = ({ properties }: IncomingMessage): number => {
  const attempts = Number(properties.headers?.[failureHeaders.attempts] ?? 0);
  return Number.isSafeInteger(attempts) && attempts > 0 ? attempts : 0;
};
