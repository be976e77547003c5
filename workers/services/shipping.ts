import { createShippingActivities } from '../../activities/shipping';
import { exchanges } from '../../contracts/events';
import { createSimulatedCarrier } from '../../services/shipping/carrier/simulator';
import { createCarrierWebhook } from '../../services/shipping/carrier/webhook';
import { shippingMigrations } from '../../services/shipping/migrations';
import { createShippingRoutes } from '../../services/shipping/routes';
import { createShippingService } from '../../services/shipping/service';
import type { ShippingTables } from '../../services/shipping/tables';
import { defineService } from '../service';

export const shippingService = defineService<ShippingTables>({
  name: 'shipping',
  consumer: 'shipping-service',
  exchange: exchanges.shipping,
  migrations: shippingMigrations,
  projections: [],
  compose: (context) => {
    const shipping = createShippingService({
      ...context,
      carrier: createSimulatedCarrier({ db: context.database.kysely }),
    });
    const { clock, config } = context;
    const webhook = createCarrierWebhook(shipping, { secret: config.CARRIER_WEBHOOK_SECRET, clock });
    return {
      routes: createShippingRoutes(shipping).route('/', webhook),
      activities: createShippingActivities(shipping),
    };
  },
});
