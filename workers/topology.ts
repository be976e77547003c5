import { retryWithBackoff } from '../lib/async/backoff';
import type { Exchange } from '../lib/events/exchange';
import type { Declare } from '../lib/broker/topology/declarer';
import type { Management } from '../lib/broker/management';
import { together, type Topology } from '../lib/broker/topology/spec';
import {
  defaultRetryDelaysMs,
  delayTopology,
  exchangeTopology,
  queueTopology,
  unheardTopology,
  renamedQueues,
  type QueueDeclaration,
} from '../lib/broker/topology/topology';
import { classify } from '../lib/errors/classify';
import { queueOf } from '../lib/inbox/processing/consumer';
import type { Logger } from '../lib/telemetry/logger';
import { bridgeShape } from './bridge/bridge';
import { bridgeName, brokerClients, type BrokerClient } from './roles';
import { services } from './services';

/** The queues that a service, or the bridge, consumes. */
export const queuesOf = (name: BrokerClient): QueueDeclaration[] =>
  name === bridgeName
    ? bridgeShape().map((one) => queueOf(bridgeName, one))
    : services
        .filter((service) => service.name === name)
        .flatMap(({ consumer, formerConsumers, subscriptions }) =>
          subscriptions.map((one) => queueOf(consumer, one, formerConsumers)),
        );

/** The first part of the names of our queues, of those that have a new name too. */
export const brokerConsumers = (): string[] => [
  bridgeName,
  ...services.flatMap(({ consumer, formerConsumers = [] }) => [consumer, ...formerConsumers]),
];

/** Queues of the platform that have a new name, with it. */
export const platformRenamed = (): Map<string, string> => renamedQueues(brokerClients.flatMap(queuesOf));

const optionalTypes = ({ events }: Exchange): string[] =>
  events.filter(({ isOptional }) => isOptional).map(({ type }) => type);

/** Where a service publishes: its exchange, and the trace of what nobody has to hear. */
export const publishingTopology = (exchange: Exchange): Topology =>
  together(exchangeTopology(exchange.name), unheardTopology(exchange.name, optionalTypes(exchange)));

/**
 * Every exchange and every queue of the platform, whichever part of it a process runs: an event that is published
 * before its consumer ever ran waits in that consumer's queue.
 */
export const platformTopology = (delaysMs: readonly number[] = defaultRetryDelaysMs): Topology =>
  together(
    ...services.flatMap(({ exchange }) => (exchange ? [publishingTopology(exchange)] : [])),
    delayTopology(delaysMs),
    ...brokerClients.flatMap(queuesOf).map(queueTopology),
  );

/** Declares the topology of the platform, and sets its limits where the management API can be reached. */
export async function declareTopology(
  declare: Declare,
  management: Management | undefined,
  delaysMs: readonly number[],
  logger: Logger,
): Promise<void> {
  const topology = platformTopology(delaysMs);
  // A broker that has only just come up may still end connections.
  await retryWithBackoff(() => declare(topology), {
    backoff: { firstMs: 500, maxMs: 2_000 },
    attempts: 5,
    isRetryable: (error) => classify(error).code !== 'conflict',
    onRetry: ({ error, attempt }) =>
      logger.warn({ err: error, attempt }, 'topology could not be declared; trying again'),
  });
  // The platform works without its limits, and must start also while the management is away.
  if (!management) return;
  await Promise.all(topology.policies.map(management.setPolicy)).catch((error: unknown) =>
    logger.warn({ err: error }, 'limits of queues could not be set'),
  );
}
