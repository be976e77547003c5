import { sleep } from '../../lib/async/wait';
import { statuses } from './domain';
import { createEmailSender, type SendOptions } from './send-email';
import type { Smtp } from './smtp';
import { claimDue, countByStatus, expireClaims, type Claimed } from './store';

export interface MailerOptions extends Omit<SendOptions, 'stopping'> {
  /** A connection to the server for each e-mail that is sent at the same time. */
  lanes: readonly Smtp[];
  /** The rate limit of this process. */
  perSecond: number;
  /** How long a process may take for an e-mail before it counts as dead; longer than SMTP's time-outs together. */
  leaseMs: number;
}

/** How often it looks for work when there was none, or none could be done. */
const pollMs = 500;
const countEveryMs = 10_000;

/** Sends the requested e-mails, from any number of processes, each once as far as SMTP allows. */
export function createMailer({ lanes, perSecond, leaseMs, ...options }: MailerOptions) {
  const { db, clock, logger, metrics } = options;
  const waiting = metrics.gauge('sagaworks_notifications', 'E-mails that are not sent, by state', ['status']);
  const stopping = new AbortController();
  const send = createEmailSender({ ...options, stopping: stopping.signal });
  /** A lane is free while it sends nothing: a second e-mail in it could reach the recipient of the first. */
  const free = [...lanes];
  const underWay = new Set<Promise<void>>();
  let running: Promise<void> | undefined;
  let countedAt = 0;

  function begin(claimed: Claimed, lane: Smtp): void {
    const { notificationId } = claimed;
    const task = send(claimed, lane)
      .catch((error: unknown) => {
        logger.error({ err: error, notificationId }, 'e-mail outcome not recorded, its status becomes unknown');
      })
      .finally(() => {
        free.push(lane);
        underWay.delete(task);
      });
    underWay.add(task);
  }

  /** Begins an e-mail in each free lane. @returns how many. */
  async function round(): Promise<number> {
    const now = clock();
    const expired = await expireClaims(db, now);
    if (expired > 0) logger.error({ count: expired }, 'e-mail claims expired, their status is unknown');
    if (now.getTime() - countedAt > countEveryMs) await count(now);
    const limit = Math.min(free.length, perSecond);
    const claimed = await claimDue(db, limit, now, new Date(now.getTime() + leaseMs));
    for (const one of claimed) begin(one, free.shift() as Smtp);
    return claimed.length;
  }

  async function count(now: Date): Promise<void> {
    countedAt = now.getTime();
    const counts = new Map((await countByStatus(db)).map((one) => [one.status, one.count]));
    for (const status of statuses) if (status !== 'sent') waiting.set({ status }, counts.get(status) ?? 0);
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      if (free.length === 0) await Promise.race(underWay);
      const begun = performance.now();
      const done = await round().catch((error: unknown) => {
        logger.warn({ err: error }, 'e-mails delayed: the database is unavailable');
        return 0;
      });
      const earliest = done === 0 ? pollMs : (done * 1_000) / perSecond;
      const delayMs = earliest - (performance.now() - begun);
      if (delayMs > 0) await sleep(delayMs, stopping.signal);
    }
    await Promise.all(underWay);
  }

  return {
    start(): void {
      running ??= run();
    },
    /** Finishes the e-mails that are being sent. */
    async stop(): Promise<void> {
      stopping.abort();
      await running;
      for (const lane of lanes) lane.close();
    },
  };
}
