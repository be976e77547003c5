import { advisedProducts } from '../../services/recommendations/read-models/advised-products';
import { createAdviser } from '../../services/recommendations/advice';
import { baskets } from '../../services/recommendations/read-models/baskets';
import { recommendationMigrations } from '../../services/recommendations/migrations';
import { createRecounting } from '../../services/recommendations/recounting';
import { createRecommendationRoutes } from '../../services/recommendations/routes';
import type { RecommendationTables } from '../../services/recommendations/tables';
import { defineService } from '../service';

export const recommendationsService = defineService<RecommendationTables>({
  name: 'recommendations',
  consumer: 'recommendation-service',
  migrations: recommendationMigrations,
  projections: [baskets, advisedProducts],
  compose: ({ database, logger }) => ({
    routes: createRecommendationRoutes(createAdviser(database.kysely)),
    background: createRecounting({ db: database.kysely, logger, everyMs: 10_000 }),
  }),
});
