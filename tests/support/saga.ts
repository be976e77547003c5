import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { Client, WorkflowHandle } from '@temporalio/client';
import type { Activities, OrderOutcome } from '../../contracts/saga/activities';
import { signals } from '../../contracts/saga/messages';
import {
  defaultPolicy,
  orderWorkflowId,
  orderWorkflowType,
  type PlacedOrder,
  type Progress,
  type SagaPolicy,
  taskQueues,
} from '../../contracts/saga/order';
import { createActivityWorker, createSagaWorker, type TemporalWorker } from '../../lib/temporal/worker';
import { workflowBundleOf } from '../lib-support/workflow-bundle';
import { connectToTestNamespace } from './namespace';
import { createSagaServices, type SagaServices } from './saga-services';

type OrderSaga = (order: PlacedOrder, policy: SagaPolicy, before?: Progress) => Promise<OrderOutcome>;
export type SagaHandle = WorkflowHandle<OrderSaga>;

/** Every step of the saga and every undo, of all services. */
export type Steps = Activities;

/** The saga with the real services, in a Temporal namespace of its own. */
export interface SagaWorld {
  services: SagaServices;
  client: Client;
  /** The steps as the services carry them out. */
  steps: Steps;
  /** Places an order and starts its saga; `instead` stands in for steps of this order, e.g. to wait or to fail. */
  start(
    order: PlacedOrder,
    instead?: Partial<Steps>,
    policy?: Partial<SagaPolicy>,
    before?: Progress,
  ): Promise<SagaHandle>;
  /** Cancels an order as its customer does: the order service decides, then the bridge signals the saga. */
  cancel(order: PlacedOrder): Promise<void>;
  stop(): Promise<void>;
}

const address = { name: 'Ada', line1: '12 St James Square', city: 'London', postalCode: 'SW1Y', country: 'GB' };

/** An order that goes well, but for what is changed. */
export const anOrder = (changed: Partial<PlacedOrder> = {}): PlacedOrder => ({
  orderId: randomUUID(),
  userId: randomUUID(),
  items: [{ sku: 'TEA-1', quantity: 2 }],
  total: { amount: 2500, currency: 'EUR' },
  paymentToken: 'tok_ok',
  shippingAddress: address,
  ...changed,
});

/** What makes an order large enough for a review. */
export const large: Partial<PlacedOrder> = { total: { amount: 100_000, currency: 'EUR' } };

/** What makes the carrier refuse an order. */
export const notServiceable: Partial<PlacedOrder> = {
  shippingAddress: { ...address, postalCode: '00000' },
};

/** What makes an order go on without a part of it. */
export const partlyMissing: Partial<PlacedOrder> = {
  ifUnavailable: 'ship_rest',
  items: [
    { sku: 'TEA-1', quantity: 1 },
    { sku: 'RARE', quantity: 2 },
  ],
};

/** Tells a saga what the carrier did, as the bridge does; the order of it must not matter. */
export async function carry(saga: SagaHandle): Promise<void> {
  await saga.signal(signals.delivered);
  await saga.signal(signals.dispatched);
}

/** @param address of Temporal: another one than the tests', when something stands before it. */
export async function createSagaWorld({ address }: { address?: string } = {}): Promise<SagaWorld> {
  const services = await createSagaServices();
  const { inventory, orders, payments, shipping } = services.activities;
  const steps: Steps = { ...inventory, ...orders, ...payments, ...shipping };
  const replaced = new Map<string, Partial<Steps>>();
  const perform = (name: keyof Steps, order: PlacedOrder, ...more: unknown[]) => {
    const step = replaced.get(order.orderId)?.[name] ?? steps[name];
    return (step as (order: PlacedOrder, ...more: unknown[]) => Promise<unknown>)(order, ...more);
  };
  const activities = Object.fromEntries(
    (Object.keys(steps) as (keyof Steps)[]).map((name) => [name, perform.bind(undefined, name)]),
  );

  const temporal = await connectToTestNamespace(address);
  const workflowsPath = resolve('workflows/index.ts');
  const bundlePath = await workflowBundleOf(workflowsPath);
  const workers: TemporalWorker[] = [
    await createSagaWorker({
      ...{ temporal, taskQueue: taskQueues.saga, workflowsPath, bundlePath },
      findStep: (activity) => activities[activity],
    }),
  ];
  for (const taskQueue of Object.keys(services.activities)) {
    workers.push(await createActivityWorker({ temporal, taskQueue, activities }));
  }
  for (const worker of workers) worker.start();

  return {
    services,
    client: temporal.client,
    steps,
    start: async (order, instead = {}, policy = {}, before) => {
      replaced.set(order.orderId, instead);
      const placed = await services.place(order);
      return temporal.client.workflow.start<OrderSaga>(orderWorkflowType, {
        taskQueue: taskQueues.saga,
        workflowId: orderWorkflowId(order.orderId),
        args: before ? [placed, { ...defaultPolicy, ...policy }, before] : [placed, { ...defaultPolicy, ...policy }],
      });
    },
    cancel: async ({ orderId }) => {
      await services.orders.change(orderId, { type: 'request-cancellation' });
      await temporal.client.workflow.getHandle(orderWorkflowId(orderId)).signal(signals.cancel);
    },
    stop: async () => {
      await Promise.all(workers.map((worker) => worker.stop()));
      await temporal.close();
      await services.drop();
    },
  };
}
