import { callsTo } from '../../lib/saga/call';
import { causeOf } from '../../lib/saga/failures';
import type { SagaKind } from '../../lib/saga/kind';
import type { CallPolicy } from '../../lib/saga/run-call';
import { startSaga } from '../../lib/saga/saga';
import { listenForSignals } from '../../lib/saga/signals';
import { refusalsOf, undoRefusalsOf, type RefusalOf, type StepDeclarations } from '../../lib/saga/steps';

/** The subject of the sagas in the kit's tests. */
export interface Note {
  noteId: string;
}

export interface NoteActivities {
  writeNote: (note: Note) => Promise<void>;
  eraseNote: (note: Note) => Promise<void>;
  shareNote: (note: Note) => Promise<void>;
  unshareNote: (note: Note) => Promise<unknown>;
  printNote: (note: Note) => Promise<void>;
  shredPrint: (note: Note) => Promise<void>;
  announceNote: (note: Note) => Promise<void>;
  archiveNote: (note: Note) => Promise<void>;
  abandonNote: (note: Note, why: string) => Promise<void>;
  reportWaiting: (note: Note, step: string, why: string) => Promise<void>;
}

const noteSteps = {
  writeNote: { undo: 'eraseNote' },
  shareNote: {
    undo: 'unshareNote',
    refusals: { 'reader-unknown': 'There is no such reader' },
    undoRefusals: { 'already-read': 'The note has been read' },
  },
  printNote: { undo: 'shredPrint', refusals: { 'out-of-paper': 'There is no paper' } },
} as const satisfies StepDeclarations<keyof NoteActivities>;

export type NoteRefusal = RefusalOf<typeof noteSteps>;
export const noteSignals = { cancel: 'discarded', read: 'noteRead' } as const;
export const stuckAttribute = { name: 'StuckStep', type: 'KEYWORD' } as const;

const call = callsTo<NoteActivities>('notes');
const ofNotes: SagaKind<Note> = {
  refusals: refusalsOf(noteSteps),
  undoRefusals: undoRefusalsOf(noteSteps),
  retryOnly: ['abandonNote'],
  stuckAttribute,
  reportStuck: (note, step, why) => call('reportWaiting', `Ask for an operator: ${step}`, note, step, why),
};

/** A note is written, shared, printed (the pivot), announced, read and archived. The result says how the saga ended. */
export async function noteSaga(note: Note, policy: CallPolicy & { readWithinMs: number }): Promise<string> {
  const [erase, unshare, shred] = [
    { undo: call('eraseNote', 'Erase it', note) },
    { undo: call('unshareNote', 'Stop sharing it', note), first: true as const },
    { undo: call('shredPrint', 'Shred the print', note) },
  ];
  const saga = startSaga(ofNotes, note, policy, policy.directSteps ? [erase, unshare, shred] : []);
  const signals = listenForSignals(noteSignals);
  try {
    await signals.unlessCancelled(async () => {
      await saga.step(call('writeNote', 'Write it', note), erase);
      await saga.step(call('shareNote', 'Share it', note), unshare);
      await saga.pivot(call('printNote', 'Print it', note), shred);
    });
    await saga.step(call('announceNote', 'Announce it', note));
    await saga.await('read', () => signals.has('read'), policy.readWithinMs);
    await saga.propose(call('archiveNote', 'Archive it', note));
    return 'archived';
  } catch (failure) {
    const cause = causeOf(failure, refusalsOf(noteSteps));
    const why = cause.kind === 'refused' ? `${cause.refusal}: ${cause.message}` : cause.kind;
    if (!(await saga.withdraw())) return `kept, though ${why}`;
    await saga.undo({ finally: call('abandonNote', 'Abandon it', note, why) });
    return why;
  }
}
