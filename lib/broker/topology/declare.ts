import type { Channel } from 'amqplib';
import { platformError } from '../../errors/errors';
import type { Logger } from '../../telemetry/logger';
import type { Link } from '../connection/link';
import type { QueueSpec, Topology } from './spec';
import { delayTopology, exchangeTopology, queueTopology, type QueueDeclaration } from './topology';

/**
 * Declares what is missing on the broker; idempotent. Policies are not part of AMQP: `migrateTopology` sets them.
 * @throws `conflict` when a queue or an exchange exists with other arguments: `topology apply` migrates it.
 */
export async function declare(channel: Channel, { exchanges, queues, bindings }: Topology): Promise<void> {
  try {
    for (const { name, type, arguments: args } of exchanges) {
      await channel.assertExchange(name, type, { durable: true, arguments: args });
    }
    for (const queue of queues) await declareQueueOnly(channel, queue);
    for (const { queue, exchange, routingKey } of bindings) await channel.bindQueue(queue, exchange, routingKey);
  } catch (error) {
    throw isPreconditionFailed(error)
      ? platformError('conflict', `${(error as Error).message}; see "topology plan"`)
      : error;
  }
}

/** A queue without its bindings. */
export async function declareQueueOnly(channel: Channel, { name, arguments: args }: QueueSpec): Promise<void> {
  await channel.assertQueue(name, { durable: true, arguments: args });
}

/** Declares a producer's exchange, and the queue for unroutable messages. */
export const declareExchange = (channel: Channel, exchange: string): Promise<void> =>
  declare(channel, exchangeTopology(exchange));

/** Declares a consumer's queue with its dead-letter queue, bound to the event types of the declaration. */
export const declareQueue = (channel: Channel, declaration: QueueDeclaration): Promise<void> =>
  declare(channel, queueTopology(declaration));

/** Declares the delay queues, shared by all queues of the virtual host. */
export const declareDelays = (channel: Channel, delaysMs: readonly number[]): Promise<void> =>
  declare(channel, delayTopology(delaysMs));

/** PRECONDITION_FAILED: it exists with other arguments. */
const isPreconditionFailed = (error: unknown): boolean => (error as { code?: unknown }).code === 406;

/** Declares a topology, or relies on an administrator having done so. */
export type Declare = (topology: Topology) => Promise<void>;

/**
 * Declares over a link of its own, because users that publish and consume need no permission for it. When the link's
 * user has none either, the topology is expected to exist: `topology apply` creates it.
 */
export function createDeclare(link: Link, logger: Logger): Declare {
  let isRefused = false;
  return async (topology) => {
    if (isRefused) return;
    try {
      await link.withChannel((channel) => declare(channel, topology));
    } catch (error) {
      if ((error as { code?: unknown }).code !== accessRefused) throw error;
      isRefused = true;
      logger.info('this broker user may not declare the topology; expecting "topology apply" to have created it');
    }
  };
}

const accessRefused = 403;
