import { sleep } from '../../lib/async/wait';
import { statuses, type Status } from './domain';
import type { ClaimedEmail, EmailQueue } from './email-queue';
import { createEmailSender, type SendOptions } from './send-email';
import type { Smtp } from './smtp';

export interface MailerOptions extends Omit<SendOptions, 'stopping'> {
  /** What is to be sent; what is due in the first comes first. */
  queues: readonly EmailQueue[];
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
export function createMailer({ queues, lanes, perSecond, leaseMs, ...options }: MailerOptions) {
  const { clock, logger, metrics } = options;
  const waiting = metrics.gauge('sagaworks_notifications', 'E-mails that are not sent, by state', ['status']);
  const stopping = new AbortController();
  const send = createEmailSender({ ...options, stopping: stopping.signal });
  /** A lane is free while it sends nothing: a second e-mail in it could reach the recipient of the first. */
  const free = [...lanes];
  const underWay = new Set<Promise<void>>();
  let running: Promise<void> | undefined;
  let countedAt = 0;

  function begin(claimed: ClaimedEmail, lane: Smtp): void {
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
    const expired = await sumOf(queues.map((queue) => queue.expireClaims(now)));
    if (expired > 0) logger.error({ count: expired }, 'e-mail claims expired, their status is unknown');
    if (now.getTime() - countedAt > countEveryMs) await count(now);
    const until = new Date(now.getTime() + leaseMs);
    let left = Math.min(free.length, perSecond);
    const most = left;
    for (const queue of queues) {
      const claimed = left > 0 ? await queue.claim(left, now, until) : [];
      for (const one of claimed) begin(one, free.shift() as Smtp);
      left -= claimed.length;
    }
    return most - left;
  }

  async function count(now: Date): Promise<void> {
    countedAt = now.getTime();
    const counts = (await Promise.all(queues.map((queue) => queue.count()))).flat();
    const sumFor = (status: Status) => counts.reduce((sum, one) => sum + (one.status === status ? one.count : 0), 0);
    for (const status of statuses) if (status !== 'sent') waiting.set({ status }, sumFor(status));
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

const sumOf = async (counts: readonly Promise<number>[]): Promise<number> =>
  (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
