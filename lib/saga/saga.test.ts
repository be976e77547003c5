import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { latch } from '../../tests/lib-support/latch';
import { eventually } from '../../tests/lib-support/eventually';
import { noteSignals, type NoteRefusal } from '../../tests/lib-support/note-saga';
import { createNoteWorld, failing, stepsOf, type NoteWorld } from '../../tests/lib-support/note-world';
import { StepRefused } from './steps';

let world: NoteWorld;

beforeAll(async () => {
  world = await createNoteWorld();
});
afterAll(() => world.stop());

const refuse = (code: NoteRefusal) => () => Promise.reject(new StepRefused<NoteRefusal>(code, 'No'));

test.concurrent(
  'a successful saga runs its steps in their order, and its history contains no marker of the kit',
  async () => {
    const saga = await world.start();
    await saga.signal(noteSignals.read);
    expect(await saga.result()).toBe('archived');
    expect(await stepsOf(saga)).toEqual(['writeNote', 'shareNote', 'printNote', 'announceNote', 'archiveNote']);
    const { events } = await saga.fetchHistory();
    expect(events?.filter(({ markerRecordedEventAttributes: marker }) => marker)).toEqual([]);
  },
);

test.concurrent('what was done is undone in reverse, what was definitely refused is not', async () => {
  const saga = await world.start({ shareNote: refuse('reader-unknown') });
  expect(await saga.result()).toBe('reader-unknown: No');
  expect(await stepsOf(saga)).toEqual(['writeNote', 'shareNote', 'eraseNote', 'abandonNote']);
});

test.concurrent('the undo that may be refused runs before all others', async () => {
  const saga = await world.start({ printNote: failing(1, refuse('out-of-paper')) });
  expect(await saga.result()).toBe('out-of-paper: No');
  expect((await stepsOf(saga)).slice(3)).toEqual(['unshareNote', 'shredPrint', 'eraseNote', 'abandonNote']);
});

test.concurrent(
  'a step that is refused on a later attempt is undone: an earlier attempt may still be running',
  async () => {
    const saga = await world.start({ shareNote: failing(1, refuse('reader-unknown')) });
    expect(await saga.result()).toBe('reader-unknown: No');
    expect((await stepsOf(saga)).slice(2)).toEqual(['unshareNote', 'eraseNote', 'abandonNote']);
  },
);

test.concurrent('a step that fails to the end is undone: it is unknown whether it has happened', async () => {
  const saga = await world.start({ shareNote: failing(Infinity) });
  expect(await saga.result()).toBe('failed');
  expect((await stepsOf(saga)).slice(2)).toEqual(['unshareNote', 'eraseNote', 'abandonNote']);
});

test.concurrent(
  'when the first undo is permanently refused nothing is undone: the saga is past its pivot',
  async () => {
    const saga = await world.start({
      printNote: refuse('out-of-paper'),
      unshareNote: () => Promise.reject(new StepRefused('already-read', 'Somebody has read it')),
    });
    expect(await saga.result()).toBe('kept, though out-of-paper: No');
    expect((await stepsOf(saga)).slice(3)).toEqual(['unshareNote']);
  },
);

test.concurrent('a proposal after the pivot may be refused: then the pivot is undone as well', async () => {
  const saga = await world.start({ archiveNote: refuse('out-of-paper') });
  await saga.signal(noteSignals.read);
  expect(await saga.result()).toBe('out-of-paper: No');
  expect((await stepsOf(saga)).slice(5)).toEqual(['unshareNote', 'shredPrint', 'eraseNote', 'abandonNote']);
});

test.concurrent('a cancel stops the step that it meets and undoes it, and does not stop the undoing', async () => {
  const [begun, over, undoing, goOn] = [latch(), latch(), latch(), latch()];
  const saga = await world.start({
    shareNote: () => {
      begun.open();
      return over.opened;
    },
    eraseNote: () => {
      undoing.open();
      return goOn.opened;
    },
  });
  await begun.opened;
  await saga.signal(noteSignals.cancel);
  await undoing.opened;
  await saga.cancel();
  goOn.open();
  expect(await saga.result()).toBe('cancelled');
  over.open();
  expect(await stepsOf(saga)).toEqual(['writeNote', 'shareNote', 'unshareNote', 'eraseNote', 'abandonNote']);
});

/** More failures than a step has attempts. */
const long = 20;

test.concurrent('an outage of a service does not use up the attempts of a step, and undoes nothing', async () => {
  const saga = await world.start({ shareNote: failing(long, undefined, 'unavailable') });
  await saga.signal(noteSignals.read);
  expect(await saga.result()).toBe('archived');
});

test.concurrent(
  'a refusal after an outage is not the answer of a first attempt: the step’s undo stands as a fence',
  async () => {
    const saga = await world.start({ shareNote: failing(long, refuse('reader-unknown'), 'unavailable') });
    expect(await saga.result()).toBe('reader-unknown: No');
    expect((await stepsOf(saga)).slice(-3)).toEqual(['unshareNote', 'eraseNote', 'abandonNote']);
  },
);

test.concurrent('while a service is unreachable the Web UI says so, and the saga can be cancelled', async () => {
  const saga = await world.start({ shareNote: failing(Infinity, undefined, 'unavailable') });
  await eventually(async () => {
    const { currentDetails } = await saga.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
    expect(currentDetails).toMatch(/^\*\*shareNote waits until its service is back\*\*: A fault\n/);
  }, 60_000);
  await saga.signal(noteSignals.cancel);
  expect(await saga.result()).toBe('cancelled');
  expect((await stepsOf(saga)).slice(-3)).toEqual(['unshareNote', 'eraseNote', 'abandonNote']);
});
