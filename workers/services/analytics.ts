import { analyticsMigrations } from '../../services/analytics/migrations';
import { createAnalyticsRoutes } from '../../services/analytics/routes';
import { sales } from '../../services/analytics/sales';
import type { AnalyticsTables } from '../../services/analytics/tables';
import { defineService } from '../service';

export const analyticsService = defineService<AnalyticsTables>({
  name: 'analytics',
  migrations: analyticsMigrations,
  projections: [sales],
  compose: ({ database }) => ({ routes: createAnalyticsRoutes(database.kysely) }),
});
