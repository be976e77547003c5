import { toMessage } from '../broker/envelope';
import type { Publisher } from '../broker/publisher';
import { retry } from '../broker/topology';
import { fail } from '../errors/errors';
import type { Cursor } from '../eventlog/relay/prefix';
import type { Log } from './readers';
import { selectOutbox, selectPublished, setPaused, type OutboxStatus, type ReplayFrom } from './store';

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

/**
 * Publishes again what was published before, from a place in the log or a time on: to everybody, or to one queue.
 * Ids and versions are the same, so consumers that had it all drop it all. The relay goes on meanwhile.
 * Gives back how many events were published.
 */
export async function replay(publisher: Publisher, log: Log, from: ReplayFrom, queue?: string): Promise<number> {
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
    if (!last || events.length < batchSize) return published;
    after = last;
  }
}

function unknown(exchange: string): never {
  throw fail('not-found', `No relay has ever run for ${exchange}`);
}
