import { setTimeout as sleep } from 'node:timers/promises';
import { peekMessages } from '../../lib/broker/peek-messages';
import type { Link } from '../../lib/broker/connection/link';
import { countMessages } from '../../lib/broker/migration/count-messages';
import { deadLetterQueue, delayExchange, type QueueDeclaration } from '../../lib/broker/topology/topology';

/** How many messages of a delay queue or a dead-letter queue are read at most. */
const maxMessages = 10_000;
const checks = { times: 5, everyMs: 200 };

/**
 * The streams with messages of a consumer in the delay queues or among its dead letters; undefined while messages wait in
 * its queue: then the consumer lags behind, but is catching up.
 */
export async function streamsInQueues(
  link: Link,
  { queue, formerly = [] }: Pick<QueueDeclaration, 'queue' | 'formerly'>,
  delaysMs: readonly number[],
): Promise<Set<string> | undefined> {
  if (!(await isEmpty(link, queue))) return undefined;
  const streams = new Set<string>();
  const names = [queue, ...formerly];
  async function read(name: string, isTheirs: (routingKey: string) => boolean): Promise<void> {
    if (!(await countMessages(link, name))) return;
    await peekMessages(link, name, maxMessages, (peeked) => {
      for (const { message } of peeked) {
        const stream: unknown = message.properties.headers?.['cloudEvents:partitionkey'];
        if (typeof stream === 'string' && isTheirs(message.fields.routingKey)) streams.add(stream);
      }
      return Promise.resolve();
    });
  }
  for (const delay of delaysMs.map(delayExchange)) await read(delay, (routingKey) => names.includes(routingKey));
  await read(deadLetterQueue(queue), () => true);
  return streams;
}

/** Whether a queue is empty at one of a few checks: then everything that was in it before has been consumed. */
async function isEmpty(link: Link, queue: string): Promise<boolean> {
  for (let check = 0; check < checks.times; check += 1) {
    if (check > 0) await sleep(checks.everyMs);
    if ((await countMessages(link, queue)) === 0) return true;
  }
  return false;
}
