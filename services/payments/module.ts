import { z } from 'zod';
import { exchanges } from '../../contracts/events';
import { orderDetailsSettings, sealOfDetails } from '../../contracts/order-details';
import { defineService, furtherDatabase } from '../../lib/service/define-service';
import { gatewayMigrations } from './gateway/migrations';
import { createSimulatedGateway } from './gateway/simulator';
import type { GatewayTables } from './gateway/store';
import { paymentMigrations } from './migrations';
import { createPaymentRoutes } from './routes';
import { createPaymentsService } from './service';
import type { PaymentTables } from './tables';
import { traceGateway, tracePayments } from './trace';

export const paymentsModule = defineService<PaymentTables>()({
  name: 'payments',
  consumer: 'payment-service',
  exchange: exchanges.payments,
  migrations: paymentMigrations,
  databases: {
    /** The records of the simulated gateway, in reality another company. */
    gateway: furtherDatabase<GatewayTables>(gatewayMigrations),
  },
  projections: [],
  settings: {
    ...orderDetailsSettings,
    /** The delay of the simulated payment gateway, in milliseconds. */
    GATEWAY_LATENCY_MS: z.coerce.number().int().min(0).default(0),
  },
  trace: ({ database, databases }) => [tracePayments(database.kysely), traceGateway(databases.gateway.kysely)],
  compose: (context) => {
    const gateway = createSimulatedGateway({
      database: context.databases.gateway,
      latencyMs: context.settings.GATEWAY_LATENCY_MS,
    });
    const payments = createPaymentsService({
      ...context,
      gateway,
      details: sealOfDetails(context.live('ORDER_DETAILS_KEYS')),
    });
    return { service: payments, routes: createPaymentRoutes(payments) };
  },
});
