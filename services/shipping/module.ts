import { z } from 'zod';
import { exchanges } from '../../contracts/events';
import { secret } from '../../lib/config/secret';
import { defineService } from '../../lib/service/define-service';
import { createSimulatedCarrier } from './carrier/simulator';
import { createCarrierWebhook } from './carrier/webhook';
import { shippingMigrations } from './migrations';
import { createShippingRoutes } from './routes';
import { createShippingService } from './service';
import type { ShippingTables } from './tables';

export const shippingModule = defineService<ShippingTables>()({
  name: 'shipping',
  consumer: 'shipping-service',
  exchange: exchanges.shipping,
  migrations: shippingMigrations,
  projections: [],
  settings: {
    /** The carrier signs its reports with it; without it they are answered with 503. */
    CARRIER_WEBHOOK_SECRET: secret(z.string().min(16, 'at least 16 characters')).optional(),
  },
  compose: (context) => {
    const shipping = createShippingService({
      ...context,
      carrier: createSimulatedCarrier({ db: context.database.kysely }),
    });
    const { clock, settings } = context;
    const webhook = createCarrierWebhook(shipping, { secret: settings.CARRIER_WEBHOOK_SECRET, clock });
    return { service: shipping, routes: createShippingRoutes(shipping).route('/', webhook) };
  },
});
