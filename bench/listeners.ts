import type { Migration } from 'kysely';
import type { Subscription } from '../lib/inbox/subscription';
import { live } from '../lib/projections/live';
import { analyticsMigrations } from '../services/analytics/migrations';
import { sales } from '../services/analytics/sales';
import { letters } from '../services/notifications/letters';
import { notificationMigrations } from '../services/notifications/migrations';
import { baskets } from '../services/recommendations/baskets';
import { recommendationMigrations } from '../services/recommendations/migrations';

/** A service that only listens, by what it does with orders. */
export interface Listener {
  name: string;
  subscription: Subscription;
  migrations: Record<string, Migration>;
  /** How far an event is followed. */
  until: string;
}

export const listeners: readonly Listener[] = [
  {
    name: 'notifications',
    subscription: letters,
    migrations: notificationMigrations,
    until: 'up to the recorded letter',
  },
  { name: 'analytics', subscription: live(sales), migrations: analyticsMigrations, until: 'up to the numbers' },
  {
    name: 'recommendations',
    subscription: live(baskets),
    migrations: recommendationMigrations,
    until: 'up to the counts',
  },
];
