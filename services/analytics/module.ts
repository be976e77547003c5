import { defineService } from '../../lib/service/define-service';
import { analyticsMigrations } from './migrations';
import { productNames } from './read-models/product-names';
import { sales } from './read-models/sales';
import { createAnalyticsRoutes } from './routes';
import type { AnalyticsTables } from './tables';

export const analyticsModule = defineService<AnalyticsTables>()({
  name: 'analytics',
  consumer: 'analytics-service',
  formerConsumers: ['analytic-service'],
  migrations: analyticsMigrations,
  projections: [sales, productNames],
  compose: ({ database }) => ({ routes: createAnalyticsRoutes(database.kysely) }),
});
