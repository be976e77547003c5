import type { Channel } from 'amqplib';
import { platformError } from '../../errors/errors';
import type { QueueSpec, Topology } from './spec';
import { delayTopology, exchangeTopology, queueTopology, type QueueDeclaration } from './topology';

/**
 * Makes what is missing on the broker, as often as you like; policies are not AMQP's, `applyPolicies` sets those.
 * @throws `conflict` when a queue or an exchange is there with other arguments: `topology apply` migrates it.
 */
export async function declare(channel: Channel, { exchanges, queues, bindings }: Topology): Promise<void> {
  try {
    for (const { name, type, arguments: args } of exchanges) {
      await channel.assertExchange(name, type, { durable: true, arguments: args });
    }
    for (const queue of queues) await declareOnly(channel, queue);
    for (const { queue, exchange, routingKey } of bindings) await channel.bindQueue(queue, exchange, routingKey);
  } catch (error) {
    throw isOtherwise(error) ? platformError('conflict', `${(error as Error).message}; see "topology plan"`) : error;
  }
}

/** A queue without its bindings. */
export async function declareOnly(channel: Channel, { name, arguments: args }: QueueSpec): Promise<void> {
  await channel.assertQueue(name, { durable: true, arguments: args });
}

/** Declares a producer's exchange, and the queue that catches what nobody is bound for. */
export const declareExchange = (channel: Channel, exchange: string): Promise<void> =>
  declare(channel, exchangeTopology(exchange));

/** Declares a consumer's queue with its dead-letter queue, bound to the types that it wants. */
export const declareQueue = (channel: Channel, declaration: QueueDeclaration): Promise<void> =>
  declare(channel, queueTopology(declaration));

/** Declares the ladder of delays, shared by all queues of the virtual host. */
export const declareDelays = (channel: Channel, delaysMs: readonly number[]): Promise<void> =>
  declare(channel, delayTopology(delaysMs));

/** PRECONDITION_FAILED: it is there, with other arguments. */
const isOtherwise = (error: unknown): boolean => (error as { code?: unknown }).code === 406;
