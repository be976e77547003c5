import { createPaymentActivities } from '../../activities/payments';
import { exchanges } from '../../contracts/events';
import { gatewayMigrations } from '../../services/payments/gateway/migrations';
import { createSimulatedGateway } from '../../services/payments/gateway/simulator';
import type { GatewayTables } from '../../services/payments/gateway/store';
import { paymentMigrations } from '../../services/payments/migrations';
import { createPaymentRoutes } from '../../services/payments/routes';
import { createPaymentsService } from '../../services/payments/service';
import type { PaymentTables } from '../../services/payments/tables';
import { defineService } from '../service';

export const paymentsService = defineService<PaymentTables>({
  name: 'payments',
  consumer: 'payment-service',
  exchange: exchanges.payments,
  migrations: paymentMigrations,
  projections: [],
  compose: async (context) => {
    const { GATEWAY_DATABASE_URL, GATEWAY_LATENCY_MS } = context.config;
    const gateway = createSimulatedGateway({
      database: await context.open<GatewayTables>('gateway', GATEWAY_DATABASE_URL, gatewayMigrations),
      latencyMs: GATEWAY_LATENCY_MS,
    });
    const payments = createPaymentsService({ ...context, gateway });
    return {
      routes: createPaymentRoutes(payments),
      activities: createPaymentActivities(payments),
    };
  },
});
