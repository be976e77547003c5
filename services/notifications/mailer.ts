import { sleep } from '../../lib/async/sleep';
import { createDelivery, type DeliveryOptions } from './delivery';
import { statuses } from './domain';
import type { Smtp } from './smtp';
import { claimDue, countByStatus, giveUpClaims, type Claimed } from './store';

export interface MailerOptions extends Omit<DeliveryOptions, 'stopping'> {
  /** A way to the server for each e-mail that is sent at the same time. */
  lanes: readonly Smtp[];
  /** Never more than that. */
  perSecond: number;
  /** So long a process may take for an e-mail; after that it counts as dead. Longer than SMTP's time-outs together. */
  leaseMs: number;
}

/** How often it looks for work when there was none, or none could be done. */
const pollMs = 500;
const countEveryMs = 10_000;

/** Sends what was asked for, from however many processes, each e-mail once as far as SMTP allows. */
export function createMailer({ lanes, perSecond, leaseMs, ...options }: MailerOptions) {
  const { db, clock, logger, metrics } = options;
  const waiting = metrics.gauge('sagaworks_notifications', 'E-mails that are not sent, by state', ['status']);
  const stopping = new AbortController();
  const deliver = createDelivery({ ...options, stopping: stopping.signal });
  /** A lane is here while nothing is under way in it: a second e-mail in it could reach the recipient of the first. */
  const free = [...lanes];
  const underWay = new Set<Promise<void>>();
  let running: Promise<void> | undefined;
  let countedAt = 0;

  function begin(claimed: Claimed, lane: Smtp): void {
    const { notificationId } = claimed;
    const task = deliver(claimed, lane)
      .catch((error: unknown) => {
        logger.error(
          { err: error, notificationId },
          'what became of an e-mail is not written down: it will be unknown',
        );
      })
      .finally(() => {
        free.push(lane);
        underWay.delete(task);
      });
    underWay.add(task);
  }

  /** Begins an e-mail in each free lane; gives back how many. */
  async function round(): Promise<number> {
    const now = clock();
    const given = await giveUpClaims(db, now);
    if (given > 0) logger.error({ count: given }, 'nobody knows whether these e-mails were sent');
    if (now.getTime() - countedAt > countEveryMs) await count(now);
    const most = Math.min(free.length, perSecond);
    const claimed = await claimDue(db, most, now, new Date(now.getTime() + leaseMs));
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
        logger.warn({ err: error }, 'e-mails wait: the database does not answer');
        return 0;
      });
      const earliest = done === 0 ? pollMs : (done * 1_000) / perSecond;
      const restMs = earliest - (performance.now() - begun);
      if (restMs > 0) await sleep(restMs, stopping.signal);
    }
    await Promise.all(underWay);
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
