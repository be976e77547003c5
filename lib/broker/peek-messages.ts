import type { GetMessage } from 'amqplib';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Link } from './connection/link';

/** A message held while the work runs; it returns to its queue afterwards, unless it was taken. */
export interface PeekedMessage {
  message: GetMessage;
  /** Removes it from the queue. */
  take(): void;
  isTaken(): boolean;
}

/**
 * Holds up to `max` messages of a queue while `work` runs; those that are not taken return to their places.
 * The broker counts it as one delivery, and a queue allows twenty.
 * @throws `unavailable` while the broker is unreachable.
 */
export const peekMessages = <T>(
  link: Link,
  queue: string,
  max: number,
  work: (peeked: PeekedMessage[]) => Promise<T>,
): Promise<T> =>
  link.withChannel(async (channel) => {
    const { messageCount } = await channel.checkQueue(queue);
    const peeked: PeekedMessage[] = [];
    for (let left = Math.min(messageCount, max); left > 0; left -= 1) {
      const message = await channel.get(queue, { noAck: false });
      if (!message) break;
      let isTaken = false;
      const take = (): void => {
        channel.ack(message);
        isTaken = true;
      };
      peeked.push({ message, take, isTaken: () => isTaken });
    }
    try {
      return await work(peeked);
    } finally {
      channel.nackAll(true);
      // A quorum queue takes a moment to requeue them; the next reader should find them.
      const expected = messageCount - peeked.filter((one) => one.isTaken()).length;
      for (let checks = 0; checks < 40; checks += 1) {
        if ((await channel.checkQueue(queue)).messageCount >= expected) break;
        await sleep(25);
      }
    }
  });
