import { z } from 'zod';
import { exchanges } from '../../contracts/events';
import { orderDetailsSettings, sealOfDetails } from '../../contracts/order-details';
import { secret } from '../../lib/config/secret';
import { defineService } from '../../lib/service/define-service';
import { createSimulatedCarrier } from './carrier/simulator';
import { createCarrierWebhook } from './carrier/webhook';
import { shippingMigrations } from './migrations';
import { createShippingRoutes } from './routes';
import { createShippingService } from './service';
import type { ShippingTables } from './tables';
import { traceShipping } from './trace';

/** One secret, or several separated by commas, of which any signs: during a rotation, the old one and the new one. */
const webhookSecrets = z
  .string()
  .transform((text) => text.split(',').map((one) => one.trim()))
  .pipe(z.array(z.string().min(16, 'at least 16 characters each')));

export const shippingModule = defineService<ShippingTables>()({
  name: 'shipping',
  consumer: 'shipping-service',
  exchange: exchanges.shipping,
  migrations: shippingMigrations,
  projections: [],
  settings: {
    ...orderDetailsSettings,
    /** The carrier signs its reports with one of them; without any they are answered with 503. */
    CARRIER_WEBHOOK_SECRET: secret(webhookSecrets).optional(),
  },
  trace: ({ database }) => [traceShipping(database.kysely)],
  compose: (context) => {
    const shipping = createShippingService({
      ...context,
      carrier: createSimulatedCarrier({ db: context.database.kysely }),
      details: sealOfDetails(context.live('ORDER_DETAILS_KEYS')),
    });
    const { clock, live } = context;
    const secrets = live('CARRIER_WEBHOOK_SECRET');
    const webhook = createCarrierWebhook(shipping, { secrets: () => secrets.current() ?? [], clock });
    return { service: shipping, routes: createShippingRoutes(shipping).route('/', webhook) };
  },
});
