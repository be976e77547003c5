import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { createNoteWorld, failing, stuckAt, type NoteHandle, type NoteWorld } from '../../tests/lib-support/note-world';
import { noteSignals, type noteSaga } from '../../tests/lib-support/note-saga';
import { eventually } from '../../tests/lib-support/eventually';
import { required } from '../../tests/lib-support/required';
import { createLogger } from '../telemetry/logger';
import { connectTemporal } from './client';

const payloadKeys = [{ id: '2026', key: createSecretKey(randomBytes(32)) }];
const secret = 'Ada Lovelace, 12 St James Square';
let world: NoteWorld;

beforeAll(async () => {
  world = await createNoteWorld({ payloadKeys, payloads: 'strict' });
});
afterAll(() => world.stop());

/** What Temporal stores of a saga, as it would be read without the key. */
async function storedOf(saga: NoteHandle): Promise<string> {
  const { events } = await saga.fetchHistory();
  const text = (bytes: unknown) => (bytes instanceof Uint8Array ? Buffer.from(bytes).toString('latin1') : bytes);
  return JSON.stringify(events, (_, value: unknown) => text(value));
}

test('neither message nor stack of a failure is stored in plain text, and the saga still reads them', async () => {
  const refuse = (): Promise<void> =>
    Promise.reject(ApplicationFailure.nonRetryable(`No reader ${secret}`, 'reader-unknown'));
  const saga = await world.start({ shareNote: refuse });
  expect(await saga.result()).toBe(`reader-unknown: No reader ${secret}`);
  const stored = await storedOf(saga);
  expect(stored).toContain('Encoded failure');
  expect(stored).not.toMatch(/Ada|St James|No reader|sealed-payloads\.test/);
});

test('what an operator is told of a failure comes from the encrypted message', async () => {
  const saga = await world.start({ announceNote: failing(2, undefined, secret) });
  expect((await stuckAt(saga, 'announceNote')).stuck?.why).toBe('A fault');
  await saga.signal(noteSignals.read);
  await saga.terminate();
});

test('in strict mode nothing runs of a workflow whose input is not encrypted', async () => {
  const logger = createLogger({ name: 'test', level: 'silent' });
  const plain = await connectTemporal({ address: required('TEMPORAL_ADDRESS'), namespace: world.namespace, logger });
  const forged = await plain.client.workflow.start<typeof noteSaga>('noteSaga', {
    taskQueue: 'note-sagas',
    workflowId: `note/${randomUUID()}`,
    args: [{ noteId: randomUUID() }, { attemptsBeforeAlarm: 2, readWithinMs: 60_000 }],
  });
  await eventually(async () => {
    const { events } = await forged.fetchHistory();
    expect(events?.some(({ workflowTaskFailedEventAttributes: failed }) => failed)).toBe(true);
  });
  const { events } = await forged.fetchHistory();
  expect(events?.some(({ activityTaskScheduledEventAttributes: begun }) => begun)).toBe(false);
  await forged.terminate();
  await plain.close();
  // The worker has survived it.
  const honest = await world.start();
  await honest.signal(noteSignals.read);
  expect(await honest.result()).toBe('archived');
});
