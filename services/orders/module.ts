import { exchanges } from '../../contracts/events';
import { orderDetailsSettings, sealOfDetails } from '../../contracts/order-details';
import { createTail } from '../../lib/eventlog/tail';
import { createKeyExpiry } from '../../lib/http/idempotency/expiry';
import { defineService } from '../../lib/service/define-service';
import { createCustomerRequestRoutes } from './customer-request-routes';
import { createCustomerRequests } from './customer-requests';
import { createLive } from './live';
import { fourEyes, fourEyesSettings } from './four-eyes';
import { orderMigrations } from './migrations';
import { orderList } from './read-models/order-list';
import { products } from './read-models/products';
import { userProfiles } from './read-models/user-profiles';
import { reviewDecider } from './reviews';
import { createOrderRoutes } from './routes';
import { createOrdersService } from './service';
import type { OrderTables } from './tables';
import { traceOrders } from './trace';

export const ordersModule = defineService<OrderTables>()({
  name: 'orders',
  consumer: 'order-service',
  exchange: exchanges.orders,
  migrations: orderMigrations,
  settings: { ...orderDetailsSettings, ...fourEyesSettings },
  projections: [orderList, userProfiles, products],
  trace: ({ database }) => [traceOrders(database.kysely)],
  compose: (context) => {
    const details = sealOfDetails(context.live('ORDER_DETAILS_KEYS'));
    const orders = createOrdersService({ ...context, details });
    const { kysely: db } = context.database;
    const decideReview = reviewDecider(context.temporal);
    const refuseApprover = context.settings.FOUR_EYES ? fourEyes(orders) : undefined;
    const requests = createCustomerRequests({ db, orders, decideReview, refuseApprover });
    const routes = createOrderRoutes(orders, details, createLive(db, createTail(context)));
    routes.route('/', createCustomerRequestRoutes(orders, requests));
    return { service: orders, routes, background: createKeyExpiry({ ...context, db }) };
  },
});
