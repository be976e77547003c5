import type { QueueDeclaration } from '../../lib/broker/topology/topology';
import { queueOf } from '../../lib/inbox/processing/consumer';
import type { Subscription } from '../../lib/inbox/subscription/subscription';
import { bridgeShape } from '../bridge/bridge';
import { bridgeName } from '../roles';
import { services } from '../services';

/** Somebody who listens: what to, through which queue, and in whose database its inbox is. */
export interface Listener extends Pick<QueueDeclaration, 'queue' | 'formerly'> {
  subscription: Subscription;
  service: string;
}

/** Everybody who listens on the platform. */
export const listeners = (): Listener[] => [
  ...services.flatMap(({ name, consumer, formerConsumers, subscriptions }) =>
    subscriptions.map((subscription) => ({
      ...queueOf(consumer, subscription, formerConsumers),
      subscription,
      service: name,
    })),
  ),
  ...bridgeShape().map((subscription) => ({
    ...queueOf(bridgeName, subscription),
    subscription,
    service: bridgeName,
  })),
];
