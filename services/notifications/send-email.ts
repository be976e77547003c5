import { sleep } from '../../lib/async/wait';
import type { Logger } from '../../lib/telemetry/logger';
import type { Metrics } from '../../lib/telemetry/metrics';
import { afterAttempt, type Outcome } from './domain';
import type { ClaimedEmail } from './email-queue';
import type { Smtp } from './smtp';

export interface SendOptions {
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
export function createEmailSender(options: SendOptions): (claimed: ClaimedEmail, smtp: Smtp) => Promise<void> {
  const { clock, logger, metrics, stopping } = options;
  const sent = metrics.counter('sagaworks_notifications_total', 'Attempts to send an e-mail', ['outcome']);
  const later = (ms: number): Date => new Date(clock().getTime() + ms);

  /** Retries until the claim expires: without a record the e-mail becomes unknown. */
  async function record(claimed: ClaimedEmail, outcome: Outcome): Promise<void> {
    for (;;) {
      try {
        await claimed.record(outcome);
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
    const written = claimed.write(clock());
    if ('outcome' in written) {
      await record(claimed, written.outcome);
      return;
    }
    const attempt = await smtp.send(written.mail);
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
