import { watchConsumerCount } from '../lib/broker/connection/consumer-count-monitor';
import type { Broker } from '../lib/broker/connection/connection';
import { createPublisher } from '../lib/broker/publishing/publisher';
import type { Database } from '../lib/db/database';
import { createConsumer } from '../lib/inbox/processing/consumer';
import { queueOf } from '../lib/inbox/processing/queue';
import { watchParked } from '../lib/inbox/failure/parked-gauge';
import type { Subscription } from '../lib/inbox/subscription/subscription';
import type { Platform } from './platform/platform';

/** Starts a consumer, with a publisher of its own for failed messages, and waits until it consumes. */
export async function startConsumer(
  { broker: shared, config, consumers, declare, logger, metrics, lifecycle }: Platform,
  broker: Broker,
  database: Pick<Database<unknown>, 'kysely'>,
  consumerName: string,
  subscription: Subscription,
): Promise<void> {
  const name = `${consumerName} ${subscription.name}`;
  const publisher = createPublisher(broker, { name: `${name} failures`, logger, metrics });
  const consumer = createConsumer({
    broker,
    publisher,
    database,
    consumer: consumerName,
    subscription,
    declare,
    // Operators redrive messages as the platform's own user.
    operators: [shared.user],
    acceptUnnamed: config.ACCEPT_UNNAMED_PUBLISHERS,
    retryDelaysMs: config.RETRY_DELAYS_MS,
    heldAfterMs: config.HELD_AFTER_MS,
    logger,
    metrics,
  });
  lifecycle.onStop(`${name} publisher`, () => publisher.close());
  lifecycle.onStop(name, () => consumer.stop());
  const { queue } = queueOf(consumerName, subscription);
  consumers.set(queue, consumer);
  lifecycle.addReadiness(intakeOf(queue), 'optional', () =>
    consumer.held() ? { state: 'limited', reason: 'held' } : { state: 'up' },
  );
  await consumer.start();
  const unwatch = watchConsumerCount({ link: broker.consuming, queue, expected: 1, metrics, logger });
  lifecycle.onStop(`${name} attendance`, unwatch);
  const unwatchParked = watchParked({ db: database.kysely, subscription: subscription.name, queue, metrics, logger });
  lifecycle.onStop(`${name} parked`, unwatchParked);
}

/** How health names the consumption of a queue. */
export const intakeOf = (queue: string): string => `intake of ${queue}`;
