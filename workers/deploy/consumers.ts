import { queueOf } from '../../lib/inbox/consumer';
import type { Subscription } from '../../lib/inbox/subscription';
import { bridgeShape } from '../bridge/bridge';
import { consumerName } from '../processes/consumer';
import { bridgeName } from '../roles';
import { services } from '../services';

/** Somebody who listens: what to, through which queue, and in whose database its inbox is. */
export interface Listener {
  subscription: Subscription;
  queue: string;
  service: string;
}

/** Everybody who listens on the platform. */
export const listeners = (): Listener[] => [
  ...services.flatMap(({ name, subscriptions }) =>
    subscriptions.map((subscription) => ({
      subscription,
      service: name,
      queue: queueOf(consumerName(name), subscription).queue,
    })),
  ),
  ...bridgeShape().map((subscription) => ({
    subscription,
    service: bridgeName,
    queue: queueOf(bridgeName, subscription).queue,
  })),
];
