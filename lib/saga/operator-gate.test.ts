import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { latch } from '../../tests/lib-support/latch';
import { eventually } from '../../tests/lib-support/eventually';
import { noteSignals, stuckAttribute, type NoteRefusal } from '../../tests/lib-support/note-saga';
import { createNoteWorld, decide, failing, stepsOf, stuckAt, type NoteWorld } from '../../tests/lib-support/note-world';
import { StepRefused } from './steps';

let world: NoteWorld;

beforeAll(async () => {
  world = await createNoteWorld();
});
afterAll(() => world.stop());

const refused = () => Promise.reject(new StepRefused<NoteRefusal>('out-of-paper', 'No'));

test.concurrent(
  'a step after the pivot that keeps failing waits for an operator: seen everywhere, and retried on their word',
  async () => {
    const reports: string[][] = [];
    const saga = await world.start({
      announceNote: failing(3),
      reportWaiting: (_, ...what) => Promise.resolve(void reports.push(what)),
    });
    await saga.signal(noteSignals.read);
    expect(await stuckAt(saga, 'announceNote')).toEqual({
      undos: ['eraseNote', 'unshareNote', 'shredPrint'],
      stuck: { step: 'announceNote', why: 'A fault', since: expect.any(String) },
    });
    await eventually(async () => {
      expect((await saga.describe()).typedSearchAttributes.get(stuckAttribute)).toBe('announceNote');
      expect(reports).toEqual([['announceNote', 'A fault']]);
    });
    await expect(decide(saga, { step: 'eraseNote', action: 'skip' })).rejects.toMatchObject({
      cause: { type: 'saga-not-waiting', message: expect.stringContaining('The saga is waiting at announceNote') },
    });
    await decide(saga, { step: 'announceNote', action: 'retry' });
    expect(await saga.result()).toBe('archived');
    expect((await saga.describe()).typedSearchAttributes.get(stuckAttribute)).toBeUndefined();
  },
);

test.concurrent.each(['skip', 'resolve'] as const)('%s lets the saga go on without the step', async (action) => {
  const saga = await world.start({ announceNote: failing(Infinity) });
  await saga.signal(noteSignals.read);
  await stuckAt(saga, 'announceNote');
  await decide(saga, { step: 'announceNote', action, reason: 'announced by hand' });
  expect(await saga.result()).toBe('archived');
});

test.concurrent('a step that all that follows relies on can only be retried', async () => {
  const saga = await world.start({ shareNote: refused, abandonNote: failing(3) });
  await stuckAt(saga, 'abandonNote');
  for (const action of ['skip', 'resolve'] as const) {
    await expect(decide(saga, { step: 'abandonNote', action })).rejects.toMatchObject({
      cause: { message: 'abandonNote cannot be skipped: fix the cause, then retry' },
    });
  }
  await decide(saga, { step: 'abandonNote', action: 'retry' });
  expect(await saga.result()).toBe('out-of-paper: No');
});

test.concurrent('a skip in the middle of a retry takes effect at once, and on no other step', async () => {
  const [begun, over] = [latch(), latch()];
  const saga = await world.start({
    printNote: refused,
    unshareNote: failing(2, () => {
      begun.open();
      return over.opened;
    }),
    eraseNote: failing(2),
  });
  await stuckAt(saga, 'unshareNote');
  await decide(saga, { step: 'unshareNote', action: 'retry' });
  await begun.opened;
  await decide(saga, { step: 'unshareNote', action: 'skip', reason: 'the reader is gone' });
  expect((await stuckAt(saga, 'eraseNote')).undos).toEqual(['eraseNote']);
  over.open();
  await decide(saga, { step: 'eraseNote', action: 'retry' });
  expect(await saga.result()).toBe('out-of-paper: No');
  expect((await stepsOf(saga)).slice(3)).toEqual([
    ...['unshareNote', 'unshareNote'],
    ...['eraseNote', 'eraseNote', 'abandonNote'],
  ]);
});

test.concurrent('what does not happen in time waits for an operator, or until it happens after all', async () => {
  const [decided, late] = [await world.start({}, { readWithinMs: 100 }), await world.start({}, { readWithinMs: 100 })];
  await stuckAt(decided, 'read');
  await decide(decided, { step: 'read', action: 'resolve', reason: 'read aloud' });
  await stuckAt(late, 'read');
  await late.signal(noteSignals.read);
  expect(await Promise.all([decided.result(), late.result()])).toEqual(['archived', 'archived']);
});
