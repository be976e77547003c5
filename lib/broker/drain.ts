import type { ChannelModel, ConfirmChannel, ConsumeMessage, Options } from 'amqplib';
import { setTimeout as sleep } from 'node:timers/promises';
import { fail } from '../errors/errors';
import { close } from './closing';

/** Messages under way from one queue to the other. */
const window = 500;
const lookEveryMs = 50;

/**
 * Moves all messages of a queue to another, in order; each leaves its queue only once it is safe in the other. Ended in
 * the middle, by whatever, some may be in both, and none in neither. Gives back how many were moved.
 * @throws when the broker refuses a message: the other queue is full, or a connection broke. Then do it again.
 */
export async function drain(connection: ChannelModel, from: string, to: string): Promise<number> {
  const channel = await connection.createConfirmChannel();
  const failed = new Promise<never>((_, reject) => {
    channel.on('error', reject);
    channel.on('close', () => reject(fail('unavailable', 'The connection to RabbitMQ was lost')));
  });
  failed.catch(() => undefined); // It matters only while something waits for it.
  try {
    return await Promise.race([moveAll(channel, from, to), failed]);
  } finally {
    await close(channel);
  }
}

async function moveAll(channel: ConfirmChannel, from: string, to: string): Promise<number> {
  let moved = 0;
  let underWay = 0;
  let refusal: Error | undefined;
  await channel.prefetch(window);
  const receive = (message: ConsumeMessage | null): void => {
    if (!message) return; // The queue was deleted: the next look at it fails.
    underWay += 1;
    channel.publish('', to, message.content, { ...propertiesOf(message), mandatory: true }, (refused: unknown) => {
      underWay -= 1;
      if (refused) {
        refusal ??= fail('unavailable', `${to} takes no more messages`);
        return;
      }
      channel.ack(message);
      moved += 1;
    });
  };
  channel.on('return', () => (refusal ??= fail('unroutable', `There is no queue ${to}`)));
  await channel.consume(from, receive);
  for (;;) {
    const { messageCount } = await channel.checkQueue(from);
    if (refusal) throw refusal;
    if (messageCount === 0 && underWay === 0) return moved;
    await sleep(lookEveryMs);
  }
}

/** As it was published, but for what concerned its first publisher and its way to the first queue. */
function propertiesOf({ properties }: ConsumeMessage): Options.Publish {
  const { userId: _, headers = {}, ...rest } = properties;
  const own = Object.entries(headers).filter(([name]) => !/^(cc|bcc|x-delivery-count)$/i.test(name));
  return { ...rest, headers: Object.fromEntries(own) } as Options.Publish;
}
