import type { Client } from '@temporalio/client';
import { traceInventory } from '../../services/inventory/trace';
import { traceOrders } from '../../services/orders/trace';
import { traceGateway, tracePayments } from '../../services/payments/trace';
import { traceShipping } from '../../services/shipping/trace';
import { createExplainOrder, type ExplainOrder } from '../../workers/explain/explain';
import type { SagaServices } from './saga-services';

/** Explains the orders of services without a broker: nothing is published, so nothing is consumed. */
export const explainOrdersOf = ({ databases }: Pick<SagaServices, 'databases'>, client?: Client): ExplainOrder =>
  createExplainOrder({
    traces: [
      traceOrders(databases.orders.kysely),
      tracePayments(databases.payments.kysely),
      traceGateway(databases.gateway.kysely),
      traceInventory(databases.inventory.kysely),
      traceShipping(databases.shipping.kysely),
    ],
    logs: [],
    readers: [],
    client,
    deadLettersOf: () => Promise.resolve([]),
  });
