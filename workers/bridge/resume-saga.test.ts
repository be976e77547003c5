import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { signals } from '../../contracts/saga/messages';
import { defaultPolicy, orderWorkflowId, returnWorkflowId, taskQueues } from '../../contracts/saga/order';
import type { TemporalConnection } from '../../lib/temporal/client';
import { createActivityWorker, createSagaWorker, type TemporalWorker } from '../../lib/temporal/worker';
import { workflowBundleOf } from '../../tests/lib-support/workflow-bundle';
import { connectToTestNamespace } from '../../tests/support/namespace';
import { resumeSaga } from './resume-saga';
import { signalSaga } from './signal-saga';

let temporal: TemporalConnection;
const workers: TemporalWorker[] = [];

beforeAll(async () => {
  temporal = await connectToTestNamespace();
});
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  await temporal.close();
});

const resume = (orderId: string = randomUUID()) => resumeSaga(temporal.client, { orderId }, () => defaultPolicy);

test('without workers that could say what has become of an order, they are away: it is no fault of the order', async () => {
  await expect(resume()).rejects.toMatchObject({ code: 'unavailable' });
}, 60_000);

/** How an order's recall fails; an order that is not here is being returned. */
const failures = new Map<string, string>();

async function startWorkers(): Promise<void> {
  const recallOrder = ({ orderId }: { orderId: string }) => {
    const type = failures.get(orderId);
    if (type) throw ApplicationFailure.nonRetryable('No answer', type);
    return Promise.resolve({ status: 'delivered', cancelling: false, returning: true });
  };
  const recallParcel = () => Promise.resolve({ dispatched: true, delivered: true });
  const workflowsPath = resolve('workflows/index.ts');
  const bundlePath = await workflowBundleOf(workflowsPath);
  workers.push(
    await createSagaWorker({ temporal, taskQueue: taskQueues.saga, workflowsPath, bundlePath }),
    await createActivityWorker({ temporal, taskQueue: taskQueues.orders, activities: { recallOrder } }),
    await createActivityWorker({ temporal, taskQueue: taskQueues.shipping, activities: { recallParcel } }),
  );
  for (const worker of workers) worker.start();
}

test('an unavailable service is distinguished from an unknown order, and from a fault', async () => {
  await startWorkers();
  for (const [type, code] of [
    ['unavailable', 'unavailable'],
    ['not-found', 'not-found'],
    ['internal', 'saga-gone'],
  ] as const) {
    const orderId = randomUUID();
    failures.set(orderId, type);
    await expect(resume(orderId)).rejects.toMatchObject({ code });
  }
}, 120_000);

test('a late signal to an order that is being returned starts the return, and is dropped', async () => {
  const orderId = randomUUID();
  await signalSaga(temporal.client, orderId, signals.delivered, () => resume(orderId));
  const sagaOf = (workflowId: string) => temporal.client.workflow.getHandle(workflowId).describe();
  expect((await sagaOf(returnWorkflowId(orderId))).status.name).toBe('RUNNING');
  await expect(sagaOf(orderWorkflowId(orderId))).rejects.toThrow('not found');
}, 60_000);
