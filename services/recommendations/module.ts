import { defineService } from '../../lib/service/define-service';
import { createAdviser } from './advice';
import { recommendationMigrations } from './migrations';
import { advisedProducts } from './read-models/advised-products';
import { baskets } from './read-models/baskets';
import { createRecounting } from './recounting';
import { createRecommendationRoutes } from './routes';
import type { RecommendationTables } from './tables';

export const recommendationsModule = defineService<RecommendationTables>()({
  name: 'recommendations',
  consumer: 'recommendation-service',
  migrations: recommendationMigrations,
  projections: [baskets, advisedProducts],
  compose: ({ database, logger }) => ({
    routes: createRecommendationRoutes(createAdviser(database.kysely)),
    background: createRecounting({ url: database.url, logger, everyMs: 10_000 }),
  }),
});
