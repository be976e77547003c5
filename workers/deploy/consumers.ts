import type { QueueDeclaration } from '../../lib/broker/topology/topology';
import { queueOf } from '../../lib/inbox/processing/queue';
import type { SubscriptionDeclaration } from '../../lib/inbox/subscription/subscription';
import { participants } from '../modules/participants';

/** A subscription with its queue, and the service whose database holds its inbox. */
export interface Listener extends Pick<QueueDeclaration, 'queue' | 'formerly'> {
  subscription: SubscriptionDeclaration;
  service: string;
}

/** All subscriptions of the platform. */
export const listeners = (): Listener[] =>
  participants.flatMap(({ name, consumer, formerConsumers, subscriptions }) =>
    subscriptions.map((subscription) => ({
      ...queueOf(consumer, subscription, formerConsumers),
      subscription,
      service: name,
    })),
  );
