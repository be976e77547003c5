import type { QueueDeclaration } from '../../broker/topology/topology';
import type { SubscriptionDeclaration } from '../subscription/subscription';

/** The queue of a consumer for a subscription. @param former earlier names of the consumer */
export const queueOf = (
  consumer: string,
  { exchange, bindings }: SubscriptionDeclaration,
  former: readonly string[] = [],
): QueueDeclaration => ({
  queue: `${consumer}-${exchange.name}`,
  formerly: former.map((name) => `${name}-${exchange.name}`),
  exchange: exchange.name,
  bindings,
});
