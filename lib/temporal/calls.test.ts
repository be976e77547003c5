import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { connectToNamespace } from '../../tests/lib-support/namespace';
import { platformError } from '../errors/errors';
import { restartWorkflow, updateWorkflow } from './calls';
import type { TemporalConnection } from './client';

let temporal: TemporalConnection;

beforeAll(async () => {
  temporal = await connectToNamespace();
});
afterAll(() => temporal.close());

const update = (workflowId: string): Promise<void> =>
  updateWorkflow(
    temporal.client,
    { workflowId, name: 'decide', argument: {}, updateId: randomUUID(), timeoutMs: 1_000 },
    (why) => platformError('saga-not-waiting', why),
  );

test('when no worker answers, the caller learns that the update may still be applied', async () => {
  const workflowId = randomUUID();
  await temporal.client.workflow.start('nobody', { workflowId, taskQueue: 'nobody listens here' });
  await expect(update(workflowId)).rejects.toMatchObject({
    code: 'unavailable',
    message: `No worker answered for ${workflowId}; the update may still be applied later`,
  });
});

test('a workflow that never started accepts no update', async () => {
  await expect(update(randomUUID())).rejects.toMatchObject({ code: 'saga-not-waiting' });
});

const why = () => ({ reason: 'ended by mistake', requestId: randomUUID() });
const stateOf = async (workflowId: string) => (await temporal.client.workflow.getHandle(workflowId).describe()).status;

/** A workflow that was terminated before a worker took it. */
async function endedEarly(): Promise<string> {
  const workflowId = randomUUID();
  const handle = await temporal.client.workflow.start('some', { workflowId, taskQueue: 'nobody', args: ['hello'] });
  await handle.signal('news', 'of today');
  await handle.terminate();
  return workflowId;
}

test('a workflow that was terminated before its first decision runs again, with its input and signals', async () => {
  const workflowId = await endedEarly();
  await restartWorkflow(temporal.client, workflowId, why());
  expect(await stateOf(workflowId)).toMatchObject({ name: 'RUNNING' });
  const { events } = await temporal.client.workflow.getHandle(workflowId).fetchHistory();
  const given = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0]?.data;
  const signals = events?.flatMap(({ workflowExecutionSignaledEventAttributes: signal }) => signal?.signalName ?? []);
  expect(Buffer.from(given ?? []).toString()).toBe('"hello"');
  expect(signals).toEqual(['news']);
});

test('the same call twice is one restart; a running workflow is left alone, and an unknown one is an error', async () => {
  const workflowId = await endedEarly();
  const call = why();
  await restartWorkflow(temporal.client, workflowId, call);
  const { runId } = await temporal.client.workflow.getHandle(workflowId).describe();
  await expect(restartWorkflow(temporal.client, workflowId, call)).rejects.toMatchObject({ code: 'conflict' });
  expect(await temporal.client.workflow.getHandle(workflowId).describe()).toMatchObject({ runId });
  await expect(restartWorkflow(temporal.client, randomUUID(), why())).rejects.toThrow('not found');
});
