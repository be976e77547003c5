import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure, type Duration } from '@temporalio/common';
import { decisionUpdate, stateQuery, type Decision, type SagaState } from '../../lib/saga/messages';
import type { TemporalOptions } from '../../lib/temporal/client';
import { createActivityWorker, createSagaWorker } from '../../lib/temporal/worker';
import { eventually } from './eventually';
import { connectToNamespace } from './namespace';
import { stepsOf as allStepsOf } from './steps-in-history';
import { workflowBundleOf } from './workflow-bundle';
import { stuckAttribute, type Note, type NoteActivities, type noteSaga } from './note-saga';

export type NoteHandle = WorkflowHandle<typeof noteSaga>;
type Policy = Parameters<typeof noteSaga>[1];

/** The saga kit with a neutral subject, on a real Temporal, in a namespace of its own. */
export interface NoteWorld {
  /** Starts the saga of a new note; `instead` stands in for activities, which do nothing otherwise. */
  start(instead?: Partial<NoteActivities>, policy?: Partial<Policy>): Promise<NoteHandle>;
  /** The namespace that the saga's workers serve. */
  readonly namespace: string;
  stop(): Promise<void>;
}

const names: readonly (keyof NoteActivities)[] = [
  ...(['writeNote', 'eraseNote', 'shareNote', 'unshareNote', 'printNote', 'shredPrint'] as const),
  ...(['announceNote', 'archiveNote', 'abandonNote', 'reportWaiting'] as const),
];

/**
 * @param options.address of Temporal: another one when something stands before it
 * @param options.workflowTaskTimeout after which Temporal gives a task of a saga to a worker once more
 * @param options.ownersElsewhere whether the saga's worker can carry out no step itself
 */
export async function createNoteWorld({
  address,
  ownersElsewhere = false,
  workflowTaskTimeout = '10 seconds',
  ...payloads
}: { address?: string; ownersElsewhere?: boolean; workflowTaskTimeout?: Duration } & Pick<
  TemporalOptions,
  'payloadKeys' | 'payloads'
> = {}): Promise<NoteWorld> {
  const instead = new Map<string, Partial<NoteActivities>>();
  const perform = async (name: keyof NoteActivities, note: Note, ...more: string[]): Promise<unknown> => {
    const stand: ((note: Note, ...more: never[]) => Promise<unknown>) | undefined = instead.get(note.noteId)?.[name];
    return stand?.(note, ...(more as never[]));
  };
  const activities = Object.fromEntries(names.map((name) => [name, perform.bind(undefined, name)]));
  const temporal = await connectToNamespace([stuckAttribute.name], address, payloads);
  const workflowsPath = resolve('tests/lib-support/note-saga.ts');
  const bundlePath = await workflowBundleOf(workflowsPath);
  const workers = [
    await createSagaWorker({
      ...{ temporal, taskQueue: 'note-sagas', workflowsPath, bundlePath },
      ...(ownersElsewhere ? {} : { findStep: (activity) => activities[activity] }),
    }),
    await createActivityWorker({ temporal, taskQueue: 'notes', activities }),
  ];
  for (const worker of workers) worker.start();
  return {
    namespace: temporal.namespace,
    start: (stands = {}, policy = {}) => {
      const noteId = randomUUID();
      instead.set(noteId, stands);
      return temporal.client.workflow.start<typeof noteSaga>('noteSaga', {
        taskQueue: 'note-sagas',
        workflowId: `note/${noteId}`,
        workflowTaskTimeout,
        args: [{ noteId }, { attemptsBeforeAlarm: 2, readWithinMs: 60_000, ...policy }],
      });
    },
    stop: async () => {
      await Promise.all(workers.map((worker) => worker.stop()));
      await temporal.close();
    },
  };
}

/** Fails so many times, one at once after the other, then does what it should. @param type `unavailable`: an outage. */
export function failing(times: number, then = (): Promise<void> => Promise.resolve(), type = 'internal') {
  let failures = 0;
  return (): Promise<void> => {
    failures += 1;
    if (failures > times) return then();
    throw ApplicationFailure.create({ message: 'A fault', type, nextRetryDelay: '1 ms' });
  };
}

/** The activities of a saga, in the order in which they were begun, without those that only report. */
export async function stepsOf(saga: NoteHandle): Promise<string[]> {
  return (await allStepsOf(saga)).filter((name) => name !== 'reportWaiting');
}

/** Waits until the saga waits for an operator at this step. */
export const stuckAt = (saga: NoteHandle, step: string): Promise<SagaState> =>
  eventually(async () => {
    const state = await saga.query<SagaState>(stateQuery);
    if (state.stuck?.step !== step) throw new Error(`The saga does not wait at ${step}`);
    return state;
  }, 60_000);

/** What an operator does. */
export const decide = (saga: NoteHandle, decision: Decision): Promise<unknown> =>
  saga.executeUpdate<unknown, [Decision]>(decisionUpdate, { args: [decision] });
