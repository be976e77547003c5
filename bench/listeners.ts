import type { Migration } from 'kysely/migration';
import { exchanges } from '../contracts/events';
import type { Subscription } from '../lib/inbox/subscription/subscription';
import { services } from '../workers/modules/discover';

/** A service that only listens, by what it does with orders. */
export interface Listener {
  name: string;
  subscription: Subscription;
  migrations: Record<string, Migration>;
}

/** Those that there are: one that is taken out is not missed here. */
export const listeners: readonly Listener[] = services.flatMap(({ name, exchange, migrations, subscriptions }) => {
  const subscription = exchange ? undefined : subscriptions.find((one) => one.exchange.name === exchanges.orders.name);
  return subscription ? [{ name, subscription, migrations }] : [];
});
