import { analyticsMigrations } from '../../services/analytics/migrations';
import { productNames } from '../../services/analytics/read-models/product-names';
import { createAnalyticsRoutes } from '../../services/analytics/routes';
import { sales } from '../../services/analytics/read-models/sales';
import type { AnalyticsTables } from '../../services/analytics/tables';
import { defineService } from '../service';

export const analyticsService = defineService<AnalyticsTables>({
  name: 'analytics',
  consumer: 'analytics-service',
  formerConsumers: ['analytic-service'],
  migrations: analyticsMigrations,
  projections: [sales, productNames],
  compose: ({ database }) => ({ routes: createAnalyticsRoutes(database.kysely) }),
});
