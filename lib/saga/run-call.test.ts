import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { latch } from '../../tests/lib-support/latch';
import { eventually } from '../../tests/lib-support/eventually';
import { noteSignals, type NoteRefusal } from '../../tests/lib-support/note-saga';
import {
  createNoteWorld,
  decide,
  failing,
  stepsOf,
  stuckAt,
  type NoteHandle,
  type NoteWorld,
} from '../../tests/lib-support/note-world';
import { activityIn } from '../temporal/history';
import { startProxy } from '../../tests/lib-support/proxy';
import { required } from '../../tests/lib-support/required';
import { StepRefused } from './steps';

let world: NoteWorld;

beforeAll(async () => {
  world = await createNoteWorld();
});
afterAll(() => world.stop());

const directly = { directSteps: true };
const refuse = (code: NoteRefusal) => () => Promise.reject(new StepRefused<NoteRefusal>(code, 'No'));

/** The steps that went to their owner's task queue. */
async function queuedIn(saga: NoteHandle): Promise<string[]> {
  const { events } = await saga.fetchHistory();
  return (events ?? [])
    .filter(({ activityTaskScheduledEventAttributes: scheduled }) => scheduled)
    .flatMap((event) => activityIn(event) ?? []);
}

test.concurrent('steps whose owner shares the process need no task of their own', async () => {
  const saga = await world.start({}, directly);
  await saga.signal(noteSignals.read);
  expect(await saga.result()).toBe('archived');
  expect(await stepsOf(saga)).toEqual(['writeNote', 'shareNote', 'printNote', 'announceNote', 'archiveNote']);
  expect(await queuedIn(saga)).toEqual([]);
});

test.concurrent.each(['internal', 'unavailable'])(
  'a direct step that fails (%s) goes on through the task queue of its owner',
  async (type) => {
    const saga = await world.start({ writeNote: failing(1, undefined, type) }, directly);
    await saga.signal(noteSignals.read);
    expect(await saga.result()).toBe('archived');
    expect((await stepsOf(saga)).slice(0, 3)).toEqual(['writeNote', 'writeNote', 'shareNote']);
    expect(await queuedIn(saga)).toEqual(['writeNote']);
  },
);

test.concurrent('a direct step that takes too long goes on through the task queue of its owner', async () => {
  const slow = latch();
  let attempts = 0;
  const shareNote = async (): Promise<void> => {
    attempts += 1;
    if (attempts === 1) await slow.opened;
  };
  const saga = await world.start({ shareNote }, directly);
  await eventually(async () => expect(await queuedIn(saga)).toEqual(['shareNote']));
  slow.open();
  await saga.signal(noteSignals.read);
  expect(await saga.result()).toBe('archived');
  expect(attempts).toBe(2);
});

test.concurrent('a refusal is an answer, which is not asked for again; undos are not called directly', async () => {
  const saga = await world.start({ shareNote: refuse('reader-unknown') }, directly);
  expect(await saga.result()).toBe('reader-unknown: No');
  const undos = ['unshareNote', 'shredPrint', 'eraseNote', 'abandonNote'];
  expect(await stepsOf(saga)).toEqual(['writeNote', 'shareNote', ...undos]);
  expect(await queuedIn(saga)).toEqual(undos);
});

test.concurrent('past the pivot, a direct step that is refused waits for an operator', async () => {
  let isFixed = false;
  const announceNote = () => (isFixed ? Promise.resolve() : Promise.reject(new StepRefused('no-such-list', 'No')));
  const saga = await world.start({ announceNote }, directly);
  await stuckAt(saga, 'announceNote');
  isFixed = true;
  await decide(saga, { step: 'announceNote', action: 'retry' });
  await saga.signal(noteSignals.read);
  expect(await saga.result()).toBe('archived');
});

test.concurrent(
  'a cancel that comes during a direct step takes effect when a step goes to its task queue',
  async () => {
    const [begun, goOn] = [latch(), latch()];
    const shareNote = async (): Promise<void> => {
      begun.open();
      await goOn.opened;
      throw new Error('A fault');
    };
    const saga = await world.start({ shareNote }, directly);
    await begun.opened;
    await saga.signal(noteSignals.cancel);
    goOn.open();
    expect(await saga.result()).toBe('cancelled');
    expect((await stepsOf(saga)).slice(-4)).toEqual(['unshareNote', 'shredPrint', 'eraseNote', 'abandonNote']);
  },
);

test('steps whose owner does not share the process go through its task queue', async () => {
  const elsewhere = await createNoteWorld({ ownersElsewhere: true });
  try {
    const saga = await elsewhere.start({}, directly);
    await saga.signal(noteSignals.read);
    expect(await saga.result()).toBe('archived');
    expect(await queuedIn(saga)).toEqual(['writeNote', 'shareNote', 'printNote', 'announceNote', 'archiveNote']);
  } finally {
    await elsewhere.stop();
  }
});

test.concurrent('the Web UI shows a line for each step, with its outcome', async () => {
  const saga = await world.start({ shareNote: failing(1, undefined, 'unavailable') }, directly);
  await saga.signal(noteSignals.read);
  await saga.result();
  const { currentDetails } = await saga.query<{ currentDetails: string }>('__temporal_workflow_metadata');
  expect(currentDetails.split('\n')).toEqual([
    expect.stringMatching(/^- writeNote: Write it \(done, \d+ ms\)$/),
    expect.stringMatching(/^- shareNote: Share it \(done, \d+ ms\)$/),
    expect.stringMatching(/^- printNote: Print it \(done, \d+ ms\)$/),
    expect.stringMatching(/^- announceNote: Announce it \(done, \d+ ms\)$/),
    expect.stringMatching(/^- archiveNote: Archive it \(done, \d+ ms\)$/),
  ]);
});

test.concurrent('a refusal, and an undo that finds nothing to undo, are shown there', async () => {
  const unshareNote = () => Promise.resolve('nothing-to-undo' as const);
  const saga = await world.start({ shareNote: refuse('reader-unknown'), unshareNote }, directly);
  await saga.result();
  const { currentDetails } = await saga.query<{ currentDetails: string }>('__temporal_workflow_metadata');
  expect(currentDetails).toMatch(/^- shareNote: .* \(refused: reader-unknown, \d+ ms\)$/m);
  expect(currentDetails).toMatch(/^- unshareNote: .* \(nothing to undo, \d+ ms\)$/m);
  expect(currentDetails).toMatch(/^- eraseNote: .* \(done, \d+ ms\)$/m);
});

test('when a workflow task is repeated with a cancel, what the history does not know is undone', async () => {
  const [host = '', port] = required('TEMPORAL_ADDRESS').split(':');
  const line = await startProxy({ host, port: Number(port) });
  const behind = await createNoteWorld({ address: `127.0.0.1:${line.port}`, workflowTaskTimeout: '1 second' });
  const beside = await Connection.connect({ address: required('TEMPORAL_ADDRESS') });
  try {
    const [shared, goOn] = [latch(), latch()];
    const kept = new Set<string>();
    const saga = await behind.start(
      {
        shareNote: () => {
          kept.add('shared');
          shared.open();
          return goOn.opened;
        },
        unshareNote: () => Promise.resolve(void kept.delete('shared')),
      },
      directly,
    );
    await shared.opened;
    line.cut();
    const client = new Client({ connection: beside, namespace: behind.namespace });
    const same = client.workflow.getHandle(saga.workflowId);
    await same.signal(noteSignals.cancel);
    await eventually(async () => {
      const { events } = await same.fetchHistory();
      expect(events?.some(({ workflowTaskTimedOutEventAttributes: timedOut }) => timedOut)).toBe(true);
    });
    line.restore();
    goOn.open();
    expect(await same.result()).toBe('cancelled');
    expect([...kept]).toEqual([]);
  } finally {
    await behind.stop();
    await beside.close();
    await line.close();
  }
});
