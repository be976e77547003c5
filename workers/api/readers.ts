import type { Kysely } from 'kysely';
import { queueOf } from '../../lib/inbox/processing/queue';
import type { Subscription } from '../../lib/inbox/subscription/subscription';
import type { Reader } from '../../lib/operations/readers';
import type { Participant } from '../../lib/service/define-service';
import type { PlatformConfig } from '../config/config';
import { letterWriters } from '../platform/brokers';

/** What operators see of what a service, or the bridge, hears. */
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
    users: letterWriters(config, name, subscription),
    db,
  }));
