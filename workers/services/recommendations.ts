import { baskets } from '../../services/recommendations/baskets';
import { catalogue } from '../../services/recommendations/catalogue';
import { recommendationMigrations } from '../../services/recommendations/migrations';
import { createRecommendationRoutes } from '../../services/recommendations/routes';
import type { RecommendationTables } from '../../services/recommendations/tables';
import { defineService } from '../service';

export const recommendationsService = defineService<RecommendationTables>({
  name: 'recommendations',
  migrations: recommendationMigrations,
  projections: [catalogue],
  reactions: [baskets],
  compose: ({ database }) => ({ routes: createRecommendationRoutes(database.kysely) }),
});
