import type { ConsumeMessage } from 'amqplib';
import { provenanceOf } from '../../broker/provenance';
import { defaultRetryDelaysMs, type QueueDeclaration } from '../../broker/topology/topology';
import { fromMessage, type Envelope } from '../../events/envelope';
import { createPurge } from '../erasure/erased-messages';
import { createForward } from '../failure/forward';
import { createHeldQueue, type HeldQueue } from '../outage/held-queue';
import { selectStranded } from '../store';
import { createBatchProcessor, type BatchProcessor } from './batch';
import type { ConsumerOptions } from './consumer-options';
import { createConsumerMetrics } from './consumer-metrics';
import { assertTrusted } from './origin';

/** What the messages of a subscription pass through once they are delivered. */
export interface Pipeline {
  /** @throws `untrusted-origin`, `invalid-message` */
  read: (message: ConsumeMessage) => Envelope;
  processor: BatchProcessor;
  gate: HeldQueue;
  /** What must be done in the database before messages are taken: returns parked events that are due. */
  catchUp: () => Promise<Envelope[]>;
}

export function createPipeline(
  options: ConsumerOptions,
  declaration: QueueDeclaration,
  stopping: AbortSignal,
): Pipeline {
  const { broker, database, subscription, retryDelaysMs = defaultRetryDelaysMs } = options;
  const { acceptUnnamed = false, operators = [] } = options;
  const { queue, exchange } = declaration;
  const origins = { exchange, users: [broker.user, ...operators], acceptUnnamed };
  const metrics = createConsumerMetrics(options.metrics, queue);
  const forward = createForward({ ...options, declaration, retryDelaysMs, metrics });
  const purgeErased = createPurge(options, queue);
  const gate = createHeldQueue({ ...options, queue });
  return {
    read(message) {
      assertTrusted(provenanceOf(message), origins);
      return fromMessage(message);
    },
    processor: createBatchProcessor({ ...options, forward, purgeErased, gate, queue, metrics, stopping }),
    gate,
    async catchUp() {
      await purgeErased();
      return selectStranded(database.kysely, subscription.name);
    },
  };
}
