import type { GetMessage } from 'amqplib';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Link } from './connection/link';

/** A message that is in our hands; when the work is over it goes back, unless it was taken. */
export interface PeekedMessage {
  message: GetMessage;
  /** Takes it out of the queue. */
  take(): void;
  isTaken(): boolean;
}

/**
 * Holds the messages of a queue while `work` runs, at most so many; those that are not taken go back where they were.
 * The broker counts it as one delivery, of which a queue allows twenty.
 * @throws `unavailable` while the broker is away.
 */
export const peekMessages = <T>(
  link: Link,
  queue: string,
  most: number,
  work: (peeked: PeekedMessage[]) => Promise<T>,
): Promise<T> =>
  link.withChannel(async (channel) => {
    const { messageCount } = await channel.checkQueue(queue);
    const peeked: PeekedMessage[] = [];
    for (let left = Math.min(messageCount, most); left > 0; left -= 1) {
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
      // A quorum queue takes a moment to have them back; who looks next should find them.
      const expected = messageCount - peeked.filter((one) => one.isTaken()).length;
      for (let looks = 0; looks < 40; looks += 1) {
        if ((await channel.checkQueue(queue)).messageCount >= expected) break;
        await sleep(25);
      }
    }
  });
