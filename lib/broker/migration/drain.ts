import type { ChannelModel, ConfirmChannel, ConsumeMessage, Options } from 'amqplib';
import { setTimeout as sleep } from 'node:timers/promises';
import { platformError } from '../../errors/errors';
import { close } from '../connection/single-connection';
import { fillingExchange, headersOfMoved } from '../provenance';

/** How many messages may be in flight from one queue to the other. */
const window = 500;
const pollMs = 50;

/**
 * Moves all messages of a queue to another, in order; each leaves its queue only once it is safe in the other. When it
 * is interrupted, some messages may be in both queues, but none is lost.
 * @param user the user of the connection
 * @returns the number of messages moved
 * @throws when the broker refuses a message (the other queue is full), or the connection is lost. It can be run again.
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
  failed.catch(() => undefined); // Only the race below needs it.
  try {
    return await Promise.race([moveAll(channel, user, from, to), failed]);
  } finally {
    await close(channel);
  }
}

async function moveAll(channel: ConfirmChannel, user: string, from: string, to: string): Promise<number> {
  let moved = 0;
  let inFlight = 0;
  let refusal: Error | undefined;
  await channel.prefetch(window);
  const exchange = await exchangeInto(channel, to);
  const receive = (message: ConsumeMessage | null): void => {
    if (!message) return; // The queue was deleted: the next check of it fails.
    inFlight += 1;
    const properties = { ...propertiesOf(message), userId: user, mandatory: true };
    const settle = (refused: unknown): void => {
      inFlight -= 1;
      if (refused) refusal ??= platformError('unavailable', `${to} accepts no more messages`);
      if (refusal) return;
      channel.ack(message);
      moved += 1;
    };
    try {
      channel.publish(exchange, message.fields.routingKey, message.content, properties, settle);
    } catch (error) {
      // Headers of foreign publishers cannot always be encoded again.
      const { messageId } = message.properties as { messageId?: string };
      refusal ??= platformError(
        'invalid-message',
        `Message ${messageId} in ${from} cannot be moved: ${(error as Error).message}`,
      );
    }
  };
  // A return comes before the confirm, so a returned message is not counted as moved.
  channel.on('return', () => (refusal ??= platformError('unroutable', `Queue ${to} does not exist`)));
  await channel.consume(from, receive);
  for (;;) {
    const { messageCount } = await channel.checkQueue(from);
    if (refusal) throw refusal;
    if (messageCount === 0 && inFlight === 0) {
      await channel.unbindQueue(to, exchange, '');
      return moved;
    }
    await sleep(pollMs);
  }
}

/**
 * Through the default exchange a message would lose its routing key, its event type. The exchange is deleted with its
 * binding.
 */
async function exchangeInto(channel: ConfirmChannel, queue: string): Promise<string> {
  const exchange = fillingExchange(queue);
  await channel.assertExchange(exchange, 'fanout', { durable: true, autoDelete: true });
  await channel.bindQueue(queue, exchange, '');
  return exchange;
}

/** Not copied: CC and BCC would send copies elsewhere, and the delivery count belongs to the first queue. */
const transportHeaders = /^(cc|bcc|x-delivery-count)$/i;

/** The properties as published, without transport headers, and with the message's provenance. */
function propertiesOf(message: ConsumeMessage): Options.Publish {
  const { properties } = message;
  const headers = Object.entries(properties.headers ?? {}).filter(([name]) => !transportHeaders.test(name));
  return { ...properties, headers: { ...Object.fromEntries(headers), ...headersOfMoved(message) } };
}
