import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { defaultPolicy } from '../../contracts/saga/order';
import { taskQueues } from '../../contracts/saga/task-queues';
import type { TemporalConnection } from '../../lib/temporal/client';
import { createActivityWorker, createSagaWorker, type TemporalWorker } from '../../lib/temporal/worker';
import { connectToTestNamespace } from '../../tests/support/namespace';
import { resumeSaga } from './resume-saga';

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

test('a service that is away is told apart from one that does not know the order, and from a fault', async () => {
  const types = new Map<string, string>();
  const activities = {
    recallOrder: ({ orderId }: { orderId: string }) => {
      throw ApplicationFailure.nonRetryable('No answer', types.get(orderId));
    },
  };
  workers.push(
    await createSagaWorker({ temporal, taskQueue: taskQueues.saga, workflowsPath: resolve('workflows/index.ts') }),
    await createActivityWorker({ temporal, taskQueue: taskQueues.orders, activities }),
  );
  for (const worker of workers) worker.start();
  for (const [type, code] of [
    ['unavailable', 'unavailable'],
    ['not-found', 'not-found'],
    ['internal', 'saga-gone'],
  ] as const) {
    const orderId = randomUUID();
    types.set(orderId, type);
    await expect(resume(orderId)).rejects.toMatchObject({ code });
  }
}, 120_000);
