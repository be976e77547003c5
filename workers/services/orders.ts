import { createOrderActivities } from '../../activities/orders';
import { exchanges } from '../../contracts/events';
import { createTail } from '../../lib/eventlog/tail';
import { createLive } from '../../services/orders/live';
import { orderMigrations } from '../../services/orders/migrations';
import { orderList } from '../../services/orders/read-models/order-list';
import { products } from '../../services/orders/read-models/products';
import { userProfiles } from '../../services/orders/read-models/user-profiles';
import { createOrderRoutes } from '../../services/orders/routes';
import { createOrdersService } from '../../services/orders/service';
import type { OrderTables } from '../../services/orders/tables';
import { createWishRoutes } from '../../services/orders/wish-routes';
import { createWishes } from '../../services/orders/wishes';
import { reviewDecider } from '../reviews';
import { defineService } from '../service';

export const ordersService = defineService<OrderTables>({
  name: 'orders',
  consumer: 'order-service',
  exchange: exchanges.orders,
  migrations: orderMigrations,
  projections: [orderList, userProfiles, products],
  compose: (context) => {
    const orders = createOrdersService(context);
    const { kysely: db } = context.database;
    const wishes = createWishes({ db, orders, decideReview: reviewDecider(context.temporal) });
    const routes = createOrderRoutes(orders, createLive(db, createTail(context)));
    routes.route('/', createWishRoutes(orders, wishes));
    return {
      routes,
      activities: createOrderActivities(orders),
    };
  },
});
