import { randomUUID } from 'node:crypto';
import type { Migration } from 'kysely/migration';
import { createInventoryActivities } from '../../activities/inventory';
import { createOrderActivities } from '../../activities/orders';
import { createPaymentActivities } from '../../activities/payments';
import { createShippingActivities } from '../../activities/shipping';
import { orderCreated, toPlacedOrder, withTotal } from '../../contracts/events/order';
import { detailsOf } from '../../contracts/order-details';
import type { PlacedOrder } from '../../contracts/saga/order';
import { opsMigrations } from '../../lib/operations/migrations';
import { appendEvents } from '../../lib/eventlog/store';
import { createCommitNotifier } from '../../lib/eventlog/commit-notifier';
import { inventoryMigrations } from '../../services/inventory/migrations';
import { createInventoryService } from '../../services/inventory/service';
import type { InventoryTables } from '../../services/inventory/tables';
import { order } from '../../services/orders/domain';
import { orderMigrations } from '../../services/orders/migrations';
import { createOrdersService } from '../../services/orders/service';
import type { OrderTables } from '../../services/orders/tables';
import { gatewayMigrations } from '../../services/payments/gateway/migrations';
import { createSimulatedGateway } from '../../services/payments/gateway/simulator';
import type { GatewayTables } from '../../services/payments/gateway/store';
import { paymentMigrations } from '../../services/payments/migrations';
import { createPaymentsService } from '../../services/payments/service';
import type { PaymentTables } from '../../services/payments/tables';
import { createSimulatedCarrier } from '../../services/shipping/carrier/simulator';
import { shippingMigrations } from '../../services/shipping/migrations';
import { createShippingService } from '../../services/shipping/service';
import type { ShippingTables } from '../../services/shipping/tables';
import { createTestDatabase } from '../lib-support/database';
import { details } from './order-details';

/** What can be bought. */
export const shelf = [
  { sku: 'TEA-1', stock: 1000 },
  { sku: 'CUP-2', stock: 1000 },
  { sku: 'RARE', stock: 1 },
];

export type SagaServices = Awaited<ReturnType<typeof createSagaServices>>;

/** The services that a saga acts on, put together as in production, each with a database of its own. */
export async function createSagaServices() {
  const inventory = await composed<InventoryTables>(inventoryMigrations);
  const orders = await composed<OrderTables>({ ...orderMigrations, ...opsMigrations });
  const payments = await composed<PaymentTables>(paymentMigrations);
  const gateway = await composed<GatewayTables>(gatewayMigrations);
  const shipping = await composed<ShippingTables>(shippingMigrations);

  const ordersService = createOrdersService({ ...orders, details });
  const paymentsService = createPaymentsService({ ...payments, details, gateway: createSimulatedGateway(gateway) });
  const shippingService = createShippingService({
    ...shipping,
    details,
    carrier: createSimulatedCarrier({ db: shipping.database.kysely }),
  });
  const inventoryService = createInventoryService(inventory);
  for (const { sku, stock } of shelf) {
    await inventoryService.add({ sku, name: sku, price: { amount: 1250, currency: 'EUR' }, stock });
  }

  return {
    inventory: inventoryService,
    orders: ordersService,
    payments: paymentsService,
    shipping: shippingService,
    databases: {
      inventory: inventory.database,
      orders: orders.database,
      payments: payments.database,
      gateway: gateway.database,
      shipping: shipping.database,
    },
    /** By task queue, as the activity workers serve them. */
    activities: {
      inventory: createInventoryActivities(inventoryService),
      orders: createOrderActivities(ordersService),
      payments: createPaymentActivities(paymentsService),
      shipping: createShippingActivities(shippingService),
    },
    /** Writes an order as the order service does when it is placed. @returns what its saga is started with. */
    place: async (placed: PlacedOrder): Promise<PlacedOrder> => {
      const { orderId, userId, items, total, ifUnavailable = 'cancel' } = placed;
      const known = detailsOf(placed, details);
      const created = orderCreated({
        orderId,
        userId,
        items: items.map((item) =>
          withTotal({ ...item, name: item.sku, price: { amount: 1, currency: total.currency } }),
        ),
        total,
        ifUnavailable,
        destination: known.shippingAddress.country,
        details: details.seal(known, orderId),
      });
      const stream = order.streamOf(orderId);
      await appendEvents(orders.database.kysely, [{ stream, expectedVersion: 0, events: [created] }]);
      return toPlacedOrder(created.data);
    },
    drop: async () => {
      for (const service of [inventory, orders, payments, gateway, shipping]) await service.drop();
    },
  };
}

/** What every service is handed, on a database of its own. */
async function composed<Tables>(migrations: Record<string, Migration>) {
  const test = await createTestDatabase<Tables>(migrations);
  const notifier = createCommitNotifier(test.database);
  return {
    database: test.database,
    notifier,
    clock: () => new Date(),
    ids: () => randomUUID(),
    drop: async () => {
      await notifier.close();
      await test.drop();
    },
  };
}
