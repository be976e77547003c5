import { sleep } from '../../async/wait';
import { toMessage } from '../../events/envelope';
import type { Publisher } from '../../broker/publishing/publisher';
import { retry } from '../../broker/topology/topology';
import { platformError } from '../../errors/errors';
import type { Cursor } from '../../eventlog/events';
import type { Log } from '../readers';
import { countParkedIn, countUnpublished, selectEnd, selectPublished, type ReplayFrom } from './replay-store';
import { selectOutbox, setPaused, type OutboxStatus } from '../store';

/** @throws `not-found` when no relay has ever run for the log. */
export async function outboxStatus({ db, exchange }: Log): Promise<OutboxStatus> {
  return (await selectOutbox(db, exchange)) ?? unknown(exchange);
}

/** A paused relay keeps its cursor and publishes nothing until it is resumed. @throws `not-found` */
export async function pauseOutbox({ db, exchange, wake }: Log, paused: boolean): Promise<void> {
  if (!(await setPaused(db, exchange, paused))) unknown(exchange);
  wake();
}

const batchSize = 500;

/** How long a replay waits for the relay to publish the events committed before it. */
const maxWaitMs = 10_000;
const pollMs = 100;

/** How many events a replay published, and how many it left out. */
export interface Replayed {
  published: number;
  /** Committed before the replay began but not yet published; the relay publishes them later. */
  unpublished: number;
  /** Of those: held back by a transaction that is still open. */
  heldBack: number;
  /** No message can be made of them. */
  parked: number;
}

/**
 * Publishes events again that were published before, from a position in the log or a time: to all queues, or to one.
 * Ids and versions are the same, so consumers drop what they have applied. The relay keeps running. Events committed
 * before the call that the relay has not published yet are waited for, at most `waitMs`; the rest is counted.
 * @throws `not-found` when no relay has ever run for the log.
 */
export async function replay(
  publisher: Publisher,
  log: Log,
  from: ReplayFrom,
  { queue, waitMs = maxWaitMs }: { queue?: string | undefined; waitMs?: number } = {},
): Promise<Replayed> {
  const behind = await waitForRelay(log, from, waitMs);
  let published = 0;
  let after: Cursor = { xid: '0', position: 0 };
  for (;;) {
    const events = await selectPublished(log.db, log.exchange, from, after, batchSize);
    await Promise.all(
      events.map((event) => {
        const { exchange, source } = log;
        const message = toMessage({ ...event, data: JSON.stringify(event.data) }, { exchange, source });
        return publisher.publish(queue === undefined ? message : { ...message, exchange: retry, routingKey: queue });
      }),
    );
    published += events.length;
    const last = events.at(-1);
    if (!last || events.length < batchSize) break;
    after = last;
  }
  return { published, ...behind, parked: await countParkedIn(log.db, log.exchange, from) };
}

/** Waits until the relay has published everything committed so far; does not wait for a paused relay. */
async function waitForRelay({ db, exchange }: Log, from: ReplayFrom, waitMs: number) {
  const deadline = performance.now() + waitMs;
  const end = await selectEnd(db);
  for (;;) {
    const behind = (await countUnpublished(db, exchange, from, end)) ?? unknown(exchange);
    const { paused, ...counts } = behind;
    if (counts.unpublished === 0 || paused || performance.now() >= deadline) return counts;
    await sleep(pollMs);
  }
}

function unknown(exchange: string): never {
  throw platformError('not-found', `No relay has ever run for ${exchange}`);
}
