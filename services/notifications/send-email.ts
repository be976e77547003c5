import { sleep } from '../../lib/async/wait';
import type { Logger } from '../../lib/telemetry/logger';
import type { Metrics } from '../../lib/telemetry/metrics';
import { afterAttempt, backoffAfter, maxAddressLookups } from './domain';
import type { Mail, Smtp } from './smtp';
import { recordOutcome, type Claimed, type Db, type Outcome } from './store';
import { oneLine, write, type LanguageName } from './templates';

export interface SendOptions {
  db: Db;
  from: string;
  language: LanguageName;
  clock: () => Date;
  logger: Logger;
  metrics: Metrics;
  /** Aborts when the process stops: there is no time left to wait for the database. */
  stopping: AbortSignal;
}

const recordAgainMs = 500;

/**
 * Sends a claimed e-mail and records the outcome.
 * It throws when the outcome could not be recorded: the claim then expires, and the e-mail becomes `unknown`.
 */
export function createEmailSender(options: SendOptions): (claimed: Claimed, smtp: Smtp) => Promise<void> {
  const { db, clock, logger, metrics, stopping } = options;
  const sent = metrics.counter('sagaworks_notifications_total', 'Attempts to send an e-mail', ['outcome']);
  const later = (ms: number): Date => new Date(clock().getTime() + ms);

  /** Retries until the claim expires: without a record the e-mail becomes unknown. */
  async function record(claimed: Claimed, outcome: Outcome): Promise<void> {
    for (;;) {
      try {
        await recordOutcome(db, claimed, outcome);
        return;
      } catch (error) {
        if (stopping.aborted || clock() > claimed.claimedUntil) throw error;
        const { notificationId } = claimed;
        logger.warn({ err: error, notificationId, ...outcome }, 'e-mail outcome not recorded yet, retrying');
        await sleep(recordAgainMs, stopping);
      }
    }
  }

  return async (claimed, smtp) => {
    const { notificationId, attempts } = claimed;
    const email = sendable(claimed);
    if (!email) {
      await record(claimed, notSendable(claimed, later));
      return;
    }
    const attempt = await smtp.send(mailOf(email, options));
    sent.inc({ outcome: attempt.outcome });
    if (attempt.outcome !== 'sent') logger.warn({ notificationId, ...attempt }, 'e-mail not sent');
    const { status, detail, delayMs } = afterAttempt(attempt, attempts);
    await record(claimed, {
      status,
      ...(detail === undefined ? {} : { detail }),
      ...(delayMs === undefined ? {} : { nextAttemptAt: later(delayMs) }),
      ...(status === 'sent' ? { sentAt: clock() } : {}),
    });
  };
}

/** A claimed e-mail with everything needed to write it. */
type Sendable = Claimed & { email: string; name: string; amount: number; currency: string };

function sendable({ email, name, amount, currency, ...claimed }: Claimed): Sendable | undefined {
  if (email === null || name === null || amount === null || currency === null) return undefined;
  return { ...claimed, email, name, amount, currency };
}

/**
 * An order's events may arrive before its customer's, so a missing user is looked up again; an erased one never returns.
 * The order is known before any e-mail about it, unless an operator released its later events without it.
 */
function notSendable({ attempts, isKnown, amount }: Claimed, later: (ms: number) => Date): Outcome {
  if (amount === null) return { status: 'not-sendable', detail: 'The order is not known' };
  const detail = isKnown ? 'The user was erased' : 'The user is not known';
  return isKnown || attempts >= maxAddressLookups
    ? { status: 'not-sendable', detail }
    : { status: 'pending', detail, nextAttemptAt: later(backoffAfter(attempts)) };
}

function mailOf(
  { eventId, email, kind, orderId, reason, message, amount, currency, ...claimed }: Sendable,
  { from, language, clock }: Pick<SendOptions, 'from' | 'language' | 'clock'>,
): Mail {
  const name = oneLine(claimed.name);
  const total = { amount, currency };
  return {
    ...write({ kind, orderId, name, total, reason: reason ?? undefined, message: message ?? undefined }, language),
    messageId: `<${eventId}@sagaworks.invalid>`,
    from,
    to: { name, address: email },
    date: clock(),
  };
}
