import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { connectToNamespace } from '../../tests/lib-support/namespace';
import type { TemporalConnection } from './client';
import { restartWorkflow } from './restart';

let temporal: TemporalConnection;

beforeAll(async () => {
  temporal = await connectToNamespace();
});
afterAll(() => temporal.close());

const why = () => ({ reason: 'ended by mistake', requestId: randomUUID() });
const stateOf = async (workflowId: string) => (await temporal.client.workflow.getHandle(workflowId).describe()).status;

/** A workflow that no worker has taken yet, ended. */
async function endedEarly(): Promise<string> {
  const workflowId = randomUUID();
  const handle = await temporal.client.workflow.start('some', { workflowId, taskQueue: 'nobody', args: ['hello'] });
  await handle.signal('news', 'of today');
  await handle.terminate();
  return workflowId;
}

test('a workflow that was ended before its first decision runs again, with what it was given and told', async () => {
  const workflowId = await endedEarly();
  await restartWorkflow(temporal.client, workflowId, why());
  expect(await stateOf(workflowId)).toMatchObject({ name: 'RUNNING' });
  const { events } = await temporal.client.workflow.getHandle(workflowId).fetchHistory();
  const given = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0]?.data;
  const heard = events?.flatMap(({ workflowExecutionSignaledEventAttributes: signal }) => signal?.signalName ?? []);
  expect(Buffer.from(given ?? []).toString()).toBe('"hello"');
  expect(heard).toEqual(['news']);
});

test('the same call twice is one restart; one that runs is left alone, and an unknown one is told', async () => {
  const workflowId = await endedEarly();
  const call = why();
  await restartWorkflow(temporal.client, workflowId, call);
  const { runId } = await temporal.client.workflow.getHandle(workflowId).describe();
  await expect(restartWorkflow(temporal.client, workflowId, call)).rejects.toMatchObject({ code: 'conflict' });
  expect(await temporal.client.workflow.getHandle(workflowId).describe()).toMatchObject({ runId });
  await expect(restartWorkflow(temporal.client, randomUUID(), why())).rejects.toThrow('not found');
});
