import { retryWithBackoff } from '../../lib/async/backoff';
import type { Exchange } from '../../lib/events/exchange';
import type { Declare } from '../../lib/broker/topology/declare';
import type { Management } from '../../lib/broker/management';
import { mergeTopologies, type Topology } from '../../lib/broker/topology/spec';
import {
  defaultRetryDelaysMs,
  delayTopology,
  exchangeTopology,
  queueTopology,
  unheardTopology,
  renamedQueues,
  type QueueDeclaration,
} from '../../lib/broker/topology/topology';
import { classify } from '../../lib/errors/classify';
import { queueOf } from '../../lib/inbox/processing/queue';
import type { Logger } from '../../lib/telemetry/logger';
import { participantOf, participants } from '../modules/participants';
import { revocationsTopology } from './revocations';

/** The queues of a service, or of the bridge; none for an unknown name. */
export function queuesOf(name: string): QueueDeclaration[] {
  const one = participantOf(name);
  return one ? one.subscriptions.map((heard) => queueOf(one.consumer, heard, one.formerConsumers)) : [];
}

const allQueues = (): QueueDeclaration[] => participants.flatMap(({ name }) => queuesOf(name));

/** The first part of the names of the platform's queues, former names included. */
export const brokerConsumers = (): string[] =>
  participants.flatMap(({ consumer, formerConsumers = [] }) => [consumer, ...formerConsumers]);

/** The former names of renamed queues, with the new ones. */
export const platformRenamed = (): Map<string, string> => renamedQueues(allQueues());

const optionalTypes = ({ events }: Exchange): string[] =>
  events.filter(({ isOptional }) => isOptional).map(({ type }) => type);

/** Where a service publishes: its exchange, and where events without a subscriber go. */
export const publishingTopology = (exchange: Exchange): Topology =>
  mergeTopologies(exchangeTopology(exchange.name), unheardTopology(exchange.name, optionalTypes(exchange)));

/**
 * Every exchange and every queue of the platform, whichever roles a process has: an event that is published before its
 * consumer ever ran waits in the consumer's queue.
 */
export const platformTopology = (delaysMs: readonly number[] = defaultRetryDelaysMs): Topology =>
  mergeTopologies(
    ...participants.flatMap(({ exchange }) => (exchange ? [publishingTopology(exchange)] : [])),
    delayTopology(delaysMs),
    revocationsTopology,
    ...allQueues().map(queueTopology),
  );

/** Declares the topology of the platform, and sets its limits where the management API is configured. */
export async function declareTopology(
  declare: Declare,
  management: Management | undefined,
  delaysMs: readonly number[],
  logger: Logger,
): Promise<void> {
  const topology = platformTopology(delaysMs);
  // A broker that has just started may still close connections.
  await retryWithBackoff(() => declare(topology), {
    backoff: { firstMs: 500, maxMs: 2_000 },
    attempts: 5,
    isRetryable: (error) => classify(error).code !== 'conflict',
    onRetry: ({ error, attempt }) => logger.warn({ err: error, attempt }, 'topology declaration failed, retrying'),
  });
  // The platform works without its limits, and must also start while the management API is unavailable.
  if (!management) return;
  await Promise.all(topology.policies.map(management.setPolicy)).catch((error: unknown) =>
    logger.warn({ err: error }, 'queue limits not set'),
  );
}
