import { setTimeout as sleep } from 'node:timers/promises';
import { describeMoney } from '../../contracts/saga/words';
import type { Logger } from '../../lib/telemetry/logger';
import type { Metrics } from '../../lib/telemetry/metrics';
import { afterAttempt, mostLooksForAnAddress, restAfter, statuses } from './domain';
import type { Mail, Smtp } from './smtp';
import { claimDue, countByStatus, giveUpClaims, settle, type Claimed, type Db } from './store';
import { oneLine, write, type LanguageName } from './templates';

export interface MailerOptions {
  db: Db;
  /** A way to the server for each e-mail that is sent at the same time. */
  lanes: readonly Smtp[];
  from: string;
  language: LanguageName;
  /** Never more than that. */
  perSecond: number;
  /** So long a process may take for an e-mail; after that it counts as dead. Longer than SMTP's time-outs together. */
  leaseMs: number;
  clock: () => Date;
  logger: Logger;
  metrics: Metrics;
}

/** How often it looks for work when there was none, or none could be done. */
const pollMs = 500;
const countEveryMs = 10_000;

/** Sends what was asked for, from however many processes, each e-mail once as far as SMTP allows. */
export function createMailer(options: MailerOptions) {
  const { db, lanes, perSecond, leaseMs, clock, logger, metrics } = options;
  const sent = metrics.counter('sagaworks_notifications_total', 'Attempts to send an e-mail', ['outcome']);
  const waiting = metrics.gauge('sagaworks_notifications', 'E-mails that are not sent, by state', ['status']);
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  let countedAt = 0;

  async function deliver(claimed: Claimed, smtp: Smtp): Promise<void> {
    const { notificationId, attempts, email, name, isKnown } = claimed;
    const later = (ms: number): Date => new Date(clock().getTime() + ms);
    if (email === null || name === null) {
      const isLost = isKnown || attempts >= mostLooksForAnAddress;
      const detail = isKnown ? 'The user was erased' : 'The user is not known';
      if (isLost) return settle(db, notificationId, { status: 'not-sendable', detail });
      return settle(db, notificationId, { status: 'pending', detail, nextAttemptAt: later(restAfter(attempts)) });
    }
    const attempt = await smtp.send(mailOf({ ...claimed, email, name }, options));
    sent.inc({ outcome: attempt.outcome });
    if (attempt.outcome !== 'sent') logger.warn({ notificationId, ...attempt }, 'an e-mail was not sent');
    const { status, detail, restMs } = afterAttempt(attempt, attempts);
    await settle(db, notificationId, {
      status,
      ...(detail === undefined ? {} : { detail }),
      ...(restMs === undefined ? {} : { nextAttemptAt: later(restMs) }),
      ...(status === 'sent' ? { sentAt: clock() } : {}),
    });
  }

  /** One e-mail in each lane; gives back how many. */
  async function round(): Promise<number> {
    const now = clock();
    const given = await giveUpClaims(db, now);
    if (given > 0) logger.error({ count: given }, 'nobody knows whether these e-mails were sent');
    if (now.getTime() - countedAt > countEveryMs) await count(now);
    const most = Math.min(lanes.length, perSecond);
    const claimed = await claimDue(db, most, now, new Date(now.getTime() + leaseMs));
    await Promise.all(claimed.map((one, index) => deliver(one, lanes[index % lanes.length] as Smtp)));
    return claimed.length;
  }

  async function count(now: Date): Promise<void> {
    countedAt = now.getTime();
    const counts = new Map((await countByStatus(db)).map((one) => [one.status, one.count]));
    for (const status of statuses) if (status !== 'sent') waiting.set({ status }, counts.get(status) ?? 0);
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const begin = performance.now();
      const done = await round().catch((error: unknown) => {
        logger.warn({ err: error }, 'e-mails wait: the database does not answer');
        return 0;
      });
      const earliest = done === 0 ? pollMs : (done * 1_000) / perSecond;
      const restMs = earliest - (performance.now() - begin);
      // Stopping ends the rest, with an error that says nothing else.
      if (restMs > 0) await sleep(restMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  return {
    start(): void {
      running ??= run();
    },
    /** Finishes the e-mails that are in hand. */
    async stop(): Promise<void> {
      stopping.abort();
      await running;
      for (const lane of lanes) lane.close();
    },
  };
}

function mailOf(
  { eventId, email, kind, orderId, reason, amount, currency, ...claimed }: Claimed & { email: string; name: string },
  { from, language, clock }: Pick<MailerOptions, 'from' | 'language' | 'clock'>,
): Mail {
  const name = oneLine(claimed.name);
  const total = describeMoney({ amount, currency });
  return {
    ...write({ kind, orderId, name, total, reason: reason ?? undefined }, language),
    messageId: `<${eventId}@sagaworks.invalid>`,
    from,
    to: { name, address: email },
    date: clock(),
  };
}
