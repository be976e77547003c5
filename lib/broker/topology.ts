import type { Channel } from 'amqplib';

/** Where messages go that no queue is bound for: kept, so that a missing binding loses nothing. */
export const unrouted = 'unrouted';

/** Brings messages from the delays back to the queue that their routing key names. */
const retry = 'retry';

/** Waits before the second, third and fourth attempt to handle a message. */
export const defaultRetryDelaysMs: readonly number[] = [1_000, 10_000, 60_000];

/** Deliveries without an acknowledgement, then a message is dead: it has ended one consumer after the other. */
const deliveryLimit = 20;

/** Publishing here under a queue's name brings the message to that queue when the delay is over. */
export const delayExchange = (delayMs: number): string => `retry-after-${delayMs}ms`;
export const deadLetterExchange = (exchange: string): string => `${exchange}-dlx`;
export const deadLetterQueue = (queue: string): string => `${queue}-dead`;

/** A consumer's queue: which exchange it hears, and which types. */
export interface QueueDeclaration {
  queue: string;
  exchange: string;
  bindings: readonly string[];
}

/** A full queue refuses what comes, it never drops what it has. */
const quorum = { 'x-queue-type': 'quorum', 'x-overflow': 'reject-publish' };

/** A dead-lettered message leaves its queue only once it is safe in the next. */
const safely = { 'x-dead-letter-strategy': 'at-least-once' };

/** Declares a producer's exchange, and the queue that catches what nobody is bound for. As often as you like. */
export async function declareExchange(channel: Channel, exchange: string): Promise<void> {
  await declareUnrouted(channel);
  await channel.assertExchange(exchange, 'topic', { durable: true, alternateExchange: unrouted });
  await channel.assertExchange(deadLetterExchange(exchange), 'direct', { durable: true });
}

/** Declares a consumer's queue with its dead-letter queue, bound to the types that it wants. */
export async function declareQueue(channel: Channel, { queue, exchange, bindings }: QueueDeclaration): Promise<void> {
  await declareExchange(channel, exchange);
  await declareRetry(channel);
  const [dead, deadLetters] = [deadLetterQueue(queue), deadLetterExchange(exchange)];
  await channel.assertQueue(dead, { durable: true, arguments: quorum });
  await channel.bindQueue(dead, deadLetters, queue);
  await channel.assertQueue(queue, {
    durable: true,
    arguments: {
      ...quorum,
      ...safely,
      'x-delivery-limit': deliveryLimit,
      'x-dead-letter-exchange': deadLetters,
      'x-dead-letter-routing-key': queue,
    },
  });
  await channel.bindQueue(queue, retry, queue);
  for (const binding of bindings) await channel.bindQueue(queue, exchange, binding);
}

/**
 * Declares the ladder of delays, shared by all queues of the virtual host. One queue a step with one TTL for all, so
 * that nothing waits behind something longer. A message keeps its routing key, its queue's name, all the way round.
 */
export async function declareDelays(channel: Channel, delaysMs: readonly number[]): Promise<void> {
  await declareRetry(channel);
  for (const delayMs of delaysMs) {
    const name = delayExchange(delayMs);
    await channel.assertExchange(name, 'fanout', { durable: true });
    await channel.assertQueue(name, {
      durable: true,
      arguments: { ...quorum, ...safely, 'x-message-ttl': delayMs, 'x-dead-letter-exchange': retry },
    });
    await channel.bindQueue(name, name, '');
  }
}

/**
 * Not the default exchange, which has no alternate: what waits for a queue that was deleted meanwhile would stay at
 * the head of the delay for ever, and everybody's messages behind it.
 */
async function declareRetry(channel: Channel): Promise<void> {
  await declareUnrouted(channel);
  await channel.assertExchange(retry, 'direct', { durable: true, alternateExchange: unrouted });
}

async function declareUnrouted(channel: Channel): Promise<void> {
  await channel.assertExchange(unrouted, 'fanout', { durable: true });
  const limited = { ...quorum, 'x-max-length': 1_000_000 };
  await channel.assertQueue(unrouted, { durable: true, arguments: limited });
  await channel.bindQueue(unrouted, unrouted, '');
}
