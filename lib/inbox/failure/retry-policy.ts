import { classify } from '../../errors/classify';
import type { IncomingMessage } from '../message';
import { failedAttempts, singleAttemptHeader } from './failure-headers';

/** Where a failed message is sent: back to its queue after a delay, or to the dead letters. */
export type Destination = { to: 'retry'; delayMs: number } | { to: 'dead-letter'; reason: string };

/** Decides by what the error means to messages (`classify`), and by how many of the delays are left. */
export function destinationOf(message: IncomingMessage, error: unknown, delaysMs: readonly number[]): Destination {
  const { code, message: fate } = classify(error);
  const hasSingleAttempt = message.properties.headers?.[singleAttemptHeader] !== undefined;
  const delayMs = hasSingleAttempt ? undefined : delaysMs[failedAttempts(message)];
  if (fate === 'dead-letter') return { to: 'dead-letter', reason: code };
  return delayMs === undefined ? { to: 'dead-letter', reason: 'retries-exhausted' } : { to: 'retry', delayMs };
}

/**
 * The delay, up to a fifth shorter, so that messages that failed together are not retried together. Never longer: a
 * message that expires behind another one in the delay queue leaves only when that one does, after the queue's own
 * delay at the latest.
 */
export const jittered = (delayMs: number, random: number): number => Math.round(delayMs * (1 - random / 5));
