import { taskQueues } from '../contracts/saga/order';
import type { ServiceModule } from '../lib/service/define-service';
import { inventoryModule } from '../services/inventory/module';
import { ordersModule } from '../services/orders/module';
import { paymentsModule } from '../services/payments/module';
import { shippingModule } from '../services/shipping/module';
import { createInventoryActivities } from './inventory';
import { createOrderActivities } from './orders';
import { createPaymentActivities } from './payments';
import { createShippingActivities } from './shipping';

/** Steps by the names of their activities. */
export type Steps = Record<string, (...args: never[]) => Promise<unknown>>;

/** The saga steps of a service, and the task queue on which they wait. */
export interface ServiceActivities {
  /** The service's name. */
  service: string;
  taskQueue: string;
  /** @throws when the service's module composes no service. */
  stepsOf(service: unknown): Steps;
}

/** Declares the saga steps of a service as calls to what its module composes. */
const defineActivities = <Service>(
  { name }: ServiceModule<Service>,
  taskQueue: string,
  steps: (service: Service) => object,
): ServiceActivities => ({
  service: name,
  taskQueue,
  stepsOf: (service) => {
    if (service === undefined) throw new Error(`services/${name}/module.ts composes no service for its steps to call`);
    // The module composed it, and the module's type says what it is.
    return { ...steps(service as Service) };
  },
});

/** Every service with steps of sagas. */
export const activities: readonly ServiceActivities[] = [
  defineActivities(inventoryModule, taskQueues.inventory, createInventoryActivities),
  defineActivities(ordersModule, taskQueues.orders, createOrderActivities),
  defineActivities(paymentsModule, taskQueues.payments, createPaymentActivities),
  defineActivities(shippingModule, taskQueues.shipping, createShippingActivities),
];
