import type { ChannelModel, ConfirmChannel, ConsumeMessage, Options } from 'amqplib';
import { setTimeout as sleep } from 'node:timers/promises';
import { platformError } from '../../errors/errors';
import { close } from '../connection/single-connection';
import { fillingExchange, headersOfMoved } from '../provenance';

/** Messages under way from one queue to the other. */
const window = 500;
const lookEveryMs = 50;

/**
 * Moves all messages of a queue to another, in order; each leaves its queue only once it is safe in the other. Ended in
 * the middle, by whatever, some may be in both, and none in neither. Gives back how many were moved.
 * @param user whom the connection is of.
 * @throws when the broker refuses a message: the other queue is full, or a connection broke. Then do it again.
 */
export async function drain(
  { connection, user }: { connection: ChannelModel; user: string },
  from: string,
  to: string,
): Promise<number> {
  const channel = await connection.createConfirmChannel();
  const failed = new Promise<never>((_, reject) => {
    channel.on('error', reject);
    channel.on('close', () => reject(platformError('unavailable', 'The connection to RabbitMQ was lost')));
  });
  failed.catch(() => undefined); // It matters only while something waits for it.
  try {
    return await Promise.race([moveAll(channel, user, from, to), failed]);
  } finally {
    await close(channel);
  }
}

async function moveAll(channel: ConfirmChannel, user: string, from: string, to: string): Promise<number> {
  let moved = 0;
  let underWay = 0;
  let refusal: Error | undefined;
  await channel.prefetch(window);
  const exchange = await exchangeInto(channel, to);
  const receive = (message: ConsumeMessage | null): void => {
    if (!message) return; // The queue was deleted: the next look at it fails.
    underWay += 1;
    const properties = { ...propertiesOf(message), userId: user, mandatory: true };
    const settle = (refused: unknown): void => {
      underWay -= 1;
      if (refused) refusal ??= platformError('unavailable', `${to} takes no more messages`);
      if (refusal) return;
      channel.ack(message);
      moved += 1;
    };
    try {
      channel.publish(exchange, message.fields.routingKey, message.content, properties, settle);
    } catch (error) {
      // Not every header of a stranger can be written again.
      const { messageId } = message.properties as { messageId?: string };
      refusal ??= platformError(
        'invalid-message',
        `Message ${messageId} in ${from} cannot be moved: ${(error as Error).message}`,
      );
    }
  };
  // It comes before its confirm, so that what came back is not taken for moved.
  channel.on('return', () => (refusal ??= platformError('unroutable', `There is no queue ${to}`)));
  await channel.consume(from, receive);
  for (;;) {
    const { messageCount } = await channel.checkQueue(from);
    if (refusal) throw refusal;
    if (messageCount === 0 && underWay === 0) {
      await channel.unbindQueue(to, exchange, '');
      return moved;
    }
    await sleep(lookEveryMs);
  }
}

/** By the default exchange a message would lose its routing key, which says what it is. It goes with its binding. */
async function exchangeInto(channel: ConfirmChannel, queue: string): Promise<string> {
  const exchange = fillingExchange(queue);
  await channel.assertExchange(exchange, 'fanout', { durable: true, autoDelete: true });
  await channel.bindQueue(queue, exchange, '');
  return exchange;
}

/** Would send copies elsewhere, or is the first queue's own count. */
const ofTheWay = /^(cc|bcc|x-delivery-count)$/i;

/** As it was published, but for what concerned its way to the first queue; and where that was. */
function propertiesOf(message: ConsumeMessage): Options.Publish {
  const { properties } = message;
  const headers = Object.entries(properties.headers ?? {}).filter(([name]) => !ofTheWay.test(name));
  return { ...properties, headers: { ...Object.fromEntries(headers), ...headersOfMoved(message) } };
}
