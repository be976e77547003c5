import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { connectToNamespace } from '../../tests/lib-support/namespace';
import { fail } from '../errors/errors';
import type { TemporalConnection } from './client';
import { updateWorkflow } from './update';

let temporal: TemporalConnection;

beforeAll(async () => {
  temporal = await connectToNamespace();
});
afterAll(() => temporal.close());

const update = (workflowId: string): Promise<void> =>
  updateWorkflow(
    temporal.client,
    { workflowId, name: 'decide', argument: {}, updateId: randomUUID(), patienceMs: 1_000 },
    (why) => fail('saga-not-waiting', why),
  );

test('when no worker answers, whoever decided is told that the decision may still be taken', async () => {
  const workflowId = randomUUID();
  await temporal.client.workflow.start('nobody', { workflowId, taskQueue: 'nobody listens here' });
  await expect(update(workflowId)).rejects.toMatchObject({
    code: 'unavailable',
    message: `No worker answers for ${workflowId}; the decision may still be taken`,
  });
});

test('a workflow that never began takes nothing', async () => {
  await expect(update(randomUUID())).rejects.toMatchObject({ code: 'saga-not-waiting' });
});
