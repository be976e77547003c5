import { taskQueues } from '../contracts/saga/task-queues';
import { inventoryModule } from '../services/inventory/module';
import { ordersModule } from '../services/orders/module';
import { paymentsModule } from '../services/payments/module';
import { shippingModule } from '../services/shipping/module';
import { defineActivities, type ServiceActivities } from './define';
import { createInventoryActivities } from './inventory';
import { createOrderActivities } from './orders';
import { createPaymentActivities } from './payments';
import { createShippingActivities } from './shipping';

/** Every service that has a part in sagas, with its steps. */
export const activities: readonly ServiceActivities[] = [
  defineActivities(inventoryModule, taskQueues.inventory, createInventoryActivities),
  defineActivities(ordersModule, taskQueues.orders, createOrderActivities),
  defineActivities(paymentsModule, taskQueues.payments, createPaymentActivities),
  defineActivities(shippingModule, taskQueues.shipping, createShippingActivities),
];
