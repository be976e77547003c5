import type { Kysely } from 'kysely';
import { queueOf } from '../../lib/inbox/processing/queue';
import type { Subscription } from '../../lib/inbox/subscription/subscription';
import type { Reader } from '../../lib/operations/readers';
import type { Participant } from '../../lib/service/define-service';
import type { PlatformConfig } from '../config/config';
import { deadLetterWriters } from '../platform/brokers';

/** The subscriptions of a service, or of the bridge, as operators see them. */
export const readersOf = (
  config: PlatformConfig,
  { name, consumer }: Participant,
  subscriptions: readonly Subscription[],
  db: Kysely<unknown>,
): Reader[] =>
  subscriptions.map((subscription) => ({
    service: name,
    queue: queueOf(consumer, subscription).queue,
    subscription,
    users: deadLetterWriters(config, name, subscription),
    db,
  }));
