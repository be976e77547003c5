import { setTimeout as sleep } from 'node:timers/promises';
import { peekMessages } from '../../lib/broker/peek-messages';
import type { Link } from '../../lib/broker/connection/link';
import { countMessages } from '../../lib/broker/migration/count-messages';
import { deadLetterQueue, delayExchange, type QueueDeclaration } from '../../lib/broker/topology/topology';

/** Of the delays and the dead letters, no more than that are looked at. */
const most = 10_000;
const looks = { times: 5, everyMs: 200 };

/**
 * The streams of which a consumer has messages in the delays or among its dead letters; undefined while messages wait in
 * its queue, because they are not looked at there: it is behind, and works on it.
 */
export async function streamsInQueues(
  link: Link,
  { queue, formerly = [] }: Pick<QueueDeclaration, 'queue' | 'formerly'>,
  delaysMs: readonly number[],
): Promise<Set<string> | undefined> {
  if (!(await isEmpty(link, queue))) return undefined;
  const streams = new Set<string>();
  const names = [queue, ...formerly];
  async function look(name: string, isTheirs: (routingKey: string) => boolean): Promise<void> {
    if (!(await countMessages(link, name))) return;
    await peekMessages(link, name, most, (peeked) => {
      for (const { message } of peeked) {
        const stream: unknown = message.properties.headers?.['cloudEvents:partitionkey'];
        if (typeof stream === 'string' && isTheirs(message.fields.routingKey)) streams.add(stream);
      }
      return Promise.resolve();
    });
  }
  for (const delay of delaysMs.map(delayExchange)) await look(delay, (routingKey) => names.includes(routingKey));
  await look(deadLetterQueue(queue), () => true);
  return streams;
}

/** Whether a queue is empty at one of a few looks: then whatever was in it before has been taken out of it. */
async function isEmpty(link: Link, queue: string): Promise<boolean> {
  for (let look = 0; look < looks.times; look += 1) {
    if (look > 0) await sleep(looks.everyMs);
    if ((await countMessages(link, queue)) === 0) return true;
  }
  return false;
}
