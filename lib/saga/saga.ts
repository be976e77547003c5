import { CancellationScope } from '@temporalio/workflow';
import type { Call } from './call';
import { isDefinite, isFinal, isUndoRefused } from './failures';
import { has, type SagaKind } from './kind';
import { openOperatorGate, type OperatorPolicy } from './operator-gate';
import { runThroughOutages } from './outages';

/** How a step is undone. */
export interface Registered {
  undo: Call<void>;
  /** Its owner may refuse the undo for good; it runs before all others, which then do not run. */
  first?: true;
}

/** Steps that can be undone, and undos that cannot fail. */
export interface Saga {
  /**
   * Does a step. Its undo is registered before it begins, and taken off only when the step was definitely refused: after
   * a time-out, a cancel or the last attempt it is unknown whether the step has happened.
   * After the pivot there is no way back: the step is retried until it succeeds, or an operator decides.
   */
  step<Result>(call: Call<Result>, registered?: Registered): Promise<Result>;
  /** Does the step after which the saga only goes forward. */
  pivot<Result>(call: Call<Result>, registered: Registered): Promise<Result>;
  /** Does a step after the pivot that its owner may refuse for good; then the saga can still be undone. */
  propose(call: Call<void>): Promise<void>;
  /** Waits for what must happen outside; an operator is asked when it has not in time. */
  await: (step: string, happened: () => boolean, withinMs: number) => Promise<void>;
  /**
   * Runs the undo that goes first, if there is one. False when it is refused for good: then the saga cannot be undone,
   * and is past its pivot.
   */
  withdraw(): Promise<boolean>;
  /** Undoes what was done, in reverse, then runs `finally`. Neither a cancel nor any number of failures stops it. */
  undo(ending: { finally: Call<void> }): Promise<void>;
}

/**
 * Begins a saga.
 * @param done what an earlier saga about the same subject may have done: it is unknown how far that came.
 */
export function startSaga<Subject>(
  kind: SagaKind<Subject>,
  subject: Subject,
  policy: OperatorPolicy,
  done: readonly Registered[] = [],
): Saga {
  const undos = new Map(done.map((registered) => [registered.undo.activity, registered]));
  const gate = openOperatorGate(kind, subject, policy, () => [...undos.keys()]);
  const isRefusedUndo = (failure: unknown): boolean => isUndoRefused(failure, kind.undoRefusals);
  // A refusal that comes first to this saga says nothing of what the one before it did.
  const isFirst = done.length === 0;
  let pastPivot = false;

  async function attempt<Result>(call: Call<Result>, registered?: Registered): Promise<Result> {
    if (registered) undos.set(registered.undo.activity, registered);
    if (pastPivot) return gate.runUntilDone(call);
    let outages = 0;
    try {
      return await runThroughOutages(kind, call, () => (outages += 1));
    } catch (failure) {
      // After an outage the first attempt is not the first any more.
      const didNothing = isFirst && outages === 0 && isDefinite(failure, kind.refusals);
      if (registered && didNothing) undos.delete(registered.undo.activity);
      throw failure;
    }
  }

  return {
    step: attempt,
    pivot: async (call, registered) => {
      const result = await attempt(call, registered);
      pastPivot = true;
      return result;
    },
    propose: (call) => gate.runUntilDone(call, isFinal),
    await: gate.await,
    withdraw: () =>
      CancellationScope.nonCancellable(async () => {
        const { undo } = [...undos.values()].find(({ first }) => first) ?? {};
        if (!undo || !has(kind, 'undoFirst')) return true;
        try {
          await gate.runUntilDone(undo, isRefusedUndo);
          return undos.delete(undo.activity);
        } catch (failure) {
          if (!isRefusedUndo(failure)) throw failure;
          pastPivot = true;
          return false;
        }
      }),
    undo: (ending) =>
      CancellationScope.nonCancellable(async () => {
        for (const { undo } of [...undos.values()].reverse()) {
          await gate.runUntilDone(undo);
          undos.delete(undo.activity);
        }
        await gate.runUntilDone(ending.finally);
      }),
  };
}
