import { setTimeout as sleep } from 'node:timers/promises';
import { toMessage } from '../../events/envelope';
import type { Publisher } from '../../broker/publishing/publisher';
import { retry } from '../../broker/topology/topology';
import { fail } from '../../errors/errors';
import type { Cursor } from '../../eventlog/events';
import type { Log } from '../readers';
import { countParkedIn, countUnpublished, selectEnd, selectPublished, type ReplayFrom } from './replay-store';
import { selectOutbox, setPaused, type OutboxStatus } from '../store';

/** @throws `not-found` when the relay of the log never ran. */
export async function outboxStatus({ db, exchange }: Log): Promise<OutboxStatus> {
  return (await selectOutbox(db, exchange)) ?? unknown(exchange);
}

/** A paused relay keeps its place and publishes nothing until it goes on. @throws `not-found` */
export async function pauseOutbox({ db, exchange, wake }: Log, paused: boolean): Promise<void> {
  if (!(await setPaused(db, exchange, paused))) unknown(exchange);
  wake();
}

const batchSize = 500;

/** How long a replay waits for the relay to publish what was committed before it, and how often it looks. */
const patience = { waitMs: 10_000, pollMs: 100 };

/** What a replay published, and what it left out. */
export interface Replayed {
  published: number;
  /** Committed before the replay began and not yet published by the relay, which does so later. */
  unpublished: number;
  /** Of those: held back by a transaction that is still open. */
  heldBack: number;
  /** No message can be made of them. */
  parked: number;
}

/**
 * Publishes again what was published before, from a place in the log or a time on: to everybody, or to one queue.
 * Ids and versions are the same, so consumers that had it all drop it all. The relay goes on meanwhile. What was
 * committed before the call and the relay has not yet published is waited for, for at most `waitMs`, and otherwise
 * counted in the result.
 * @throws `not-found` when the relay of the log never ran.
 */
export async function replay(
  publisher: Publisher,
  log: Log,
  from: ReplayFrom,
  { queue, waitMs = patience.waitMs }: { queue?: string | undefined; waitMs?: number } = {},
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

/** Waits until the relay has published all that is committed now; a paused relay is not waited for. */
async function waitForRelay({ db, exchange }: Log, from: ReplayFrom, waitMs: number) {
  const deadline = performance.now() + waitMs;
  const end = await selectEnd(db);
  for (;;) {
    const behind = (await countUnpublished(db, exchange, from, end)) ?? unknown(exchange);
    const { paused, ...counts } = behind;
    if (counts.unpublished === 0 || paused || performance.now() >= deadline) return counts;
    await sleep(patience.pollMs);
  }
}

function unknown(exchange: string): never {
  throw fail('not-found', `No relay has ever run for ${exchange}`);
}
