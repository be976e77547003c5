import { sleep } from '../../lib/async/sleep';
import type { Logger } from '../../lib/telemetry/logger';
import type { Metrics } from '../../lib/telemetry/metrics';
import { afterAttempt, mostLooksForAnAddress, restAfter } from './domain';
import type { Mail, Smtp } from './smtp';
import { settle, type Claimed, type Db, type Settlement } from './store';
import { oneLine, write, type LanguageName } from './templates';

export interface DeliveryOptions {
  db: Db;
  from: string;
  language: LanguageName;
  clock: () => Date;
  logger: Logger;
  metrics: Metrics;
  /** Says when nobody has the time any more to wait for the database. */
  stopping: AbortSignal;
}

const recordAgainMs = 500;

/**
 * Sends an e-mail that is claimed, and writes down what became of it.
 * It throws when that could not be written down: the claim runs out then, and the e-mail is unknown.
 */
export function createDelivery(options: DeliveryOptions): (claimed: Claimed, smtp: Smtp) => Promise<void> {
  const { db, clock, logger, metrics, stopping } = options;
  const sent = metrics.counter('sagaworks_notifications_total', 'Attempts to send an e-mail', ['outcome']);
  const later = (ms: number): Date => new Date(clock().getTime() + ms);

  /** Tries as long as the claim is ours: forgetting would make the e-mail unknown. */
  async function record(claimed: Claimed, after: Settlement): Promise<void> {
    for (;;) {
      try {
        await settle(db, claimed, after);
        return;
      } catch (error) {
        if (stopping.aborted || clock() > claimed.claimedUntil) throw error;
        const { notificationId } = claimed;
        logger.warn({ err: error, notificationId, ...after }, 'what became of an e-mail is not written down yet');
        await sleep(recordAgainMs, stopping);
      }
    }
  }

  return async (claimed, smtp) => {
    const { notificationId, attempts } = claimed;
    const letter = sendable(claimed);
    if (!letter) {
      await record(claimed, notSendable(claimed, later));
      return;
    }
    const attempt = await smtp.send(mailOf(letter, options));
    sent.inc({ outcome: attempt.outcome });
    if (attempt.outcome !== 'sent') logger.warn({ notificationId, ...attempt }, 'an e-mail was not sent');
    const { status, detail, restMs } = afterAttempt(attempt, attempts);
    await record(claimed, {
      status,
      ...(detail === undefined ? {} : { detail }),
      ...(restMs === undefined ? {} : { nextAttemptAt: later(restMs) }),
      ...(status === 'sent' ? { sentAt: clock() } : {}),
    });
  };
}

/** A claimed e-mail with all that is needed to write it. */
type Sendable = Claimed & { email: string; name: string; amount: number; currency: string };

function sendable({ email, name, amount, currency, ...claimed }: Claimed): Sendable | undefined {
  if (email === null || name === null || amount === null || currency === null) return undefined;
  return { ...claimed, email, name, amount, currency };
}

/**
 * An order's events may be here before its customer is; an erased one never comes back. The order itself comes before
 * its letters, unless an operator let them go without it.
 */
function notSendable({ attempts, isKnown, amount }: Claimed, later: (ms: number) => Date): Settlement {
  if (amount === null) return { status: 'not-sendable', detail: 'The order is not known' };
  const detail = isKnown ? 'The user was erased' : 'The user is not known';
  return isKnown || attempts >= mostLooksForAnAddress
    ? { status: 'not-sendable', detail }
    : { status: 'pending', detail, nextAttemptAt: later(restAfter(attempts)) };
}

function mailOf(
  { eventId, email, kind, orderId, reason, amount, currency, ...claimed }: Sendable,
  { from, language, clock }: Pick<DeliveryOptions, 'from' | 'language' | 'clock'>,
): Mail {
  const name = oneLine(claimed.name);
  const total = { amount, currency };
  return {
    ...write({ kind, orderId, name, total, reason: reason ?? undefined }, language),
    messageId: `<${eventId}@sagaworks.invalid>`,
    from,
    to: { name, address: email },
    date: clock(),
  };
}
