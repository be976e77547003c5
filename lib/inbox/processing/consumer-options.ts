import type { Broker } from '../../broker/connection/connection';
import type { Publisher } from '../../broker/publishing/publisher';
import type { Declare } from '../../broker/topology/declare';
import type { Database } from '../../db/database';
import type { Logger } from '../../telemetry/logger';
import type { Metrics } from '../../telemetry/metrics';
import type { Subscription } from '../subscription/subscription';

export interface ConsumerOptions {
  broker: Broker;
  /** Publishes failed messages to the delay queues and the dead letters. */
  publisher: Publisher;
  database: Pick<Database<unknown>, 'kysely'>;
  /** The first part of the queue's name: `note-service` consumes `user-events` from `note-service-user-events`. */
  consumer: string;
  subscription: Subscription;
  logger: Logger;
  metrics: Metrics;
  retryDelaysMs?: readonly number[];
  /**
   * Broker users of operators, whose messages are accepted besides the producer's and the consumer's own. Without any,
   * the origin of messages is not checked.
   */
  operators?: readonly string[];
  /** Accepts retries that name no user, while processes of an older release are running, which do not name theirs. */
  acceptUnnamed?: boolean;
  /** How long the handler of one event may take. */
  handlerTimeoutMs?: number;
  /** How long an outage lasts before the queue is reported as held; default 10 s. */
  heldAfterMs?: number;
  /** Declares what the consumer needs, on every new channel; by default as the consumer's own user. */
  declare?: Declare;
  /** Unacknowledged messages at most: enough to fill batches, and few enough to share with other processes. */
  prefetch?: number;
}
