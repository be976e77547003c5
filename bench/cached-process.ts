import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  defaultPolicy,
  orderWorkflowId,
  orderWorkflowType,
  type PlacedOrder,
  taskQueues,
} from '../contracts/saga/order';
import { createLogger } from '../lib/telemetry/logger';
import { bundleWorkflows } from '../lib/temporal/bundle';
import { connectTemporal } from '../lib/temporal/client';
import { createActivityWorker, createSagaWorker } from '../lib/temporal/worker';
import { setting } from './once';

const workflowsPath = resolve('workflows');
const [warmUp, sagas] = [100, 500];

/** What sagas cost that wait for their parcel in the cache of a worker, whose steps do nothing here. */
async function main(): Promise<void> {
  const temporal = await connectTemporal({
    address: setting('TEMPORAL_ADDRESS'),
    logger: createLogger({ name: 'bench', level: 'fatal' }),
  });
  let confirmed = 0;
  const done = (result?: unknown) => () => Promise.resolve(result);
  const activities = {
    reserveStock: done(),
    authorizePayment: done({ paymentId: randomUUID(), flagged: false }),
    bookShipment: done({ shipmentId: randomUUID() }),
    capturePayment: done(),
    confirmOrder: () => Promise.resolve(void (confirmed += 1)),
  };
  const { saga, ...owners } = taskQueues;
  const workers = [await createSagaWorker({ temporal, taskQueue: saga, workflowsPath })];
  for (const taskQueue of Object.values(owners)) {
    workers.push(await createActivityWorker({ temporal, taskQueue, activities }));
  }
  for (const worker of workers) worker.start();

  async function waiting(count: number): Promise<number> {
    const before = confirmed;
    for (let index = 0; index < count; index += 1) {
      const order = anOrder();
      await temporal.client.workflow.start(orderWorkflowType, {
        taskQueue: saga,
        workflowId: orderWorkflowId(order.orderId),
        args: [order, defaultPolicy],
      });
    }
    while (confirmed < before + count) await sleep(50);
    await sleep(2_000);
    return process.memoryUsage().rss;
  }

  const idle = await waiting(warmUp);
  const full = await waiting(sagas);
  const { code } = await bundleWorkflows(workflowsPath);
  const [program = ''] = code.split('//# sourceMappingURL');
  process.send?.({ kibibytes: Math.round((full - idle) / sagas / 1024), bundleKb: Math.round(program.length / 1000) });
}

const anOrder = (): PlacedOrder => ({
  orderId: randomUUID(),
  userId: randomUUID(),
  items: [{ sku: 'TEA-1', quantity: 2 }],
  total: { amount: 2500, currency: 'EUR' },
  paymentToken: 'tok_ok',
  shippingAddress: { name: 'Bench', line1: '1 Loop Street', city: 'Berlin', postalCode: '10115', country: 'DE' },
});

void main();
