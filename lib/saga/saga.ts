import { CancellationScope, log } from '@temporalio/workflow';
import { bounded, type Call } from './call';
import { createSagaDetails, type SagaDetails } from './details';
import { isDefinite, isFinal, isOutage, isUndoRefused, messageOf } from './failures';
import { has, type SagaKind } from './kind';
import { openOperatorGate } from './operator-gate';
import { createCallRunner, type CallPolicy, type CallRunner } from './run-call';

/** How a step is undone. */
export interface Registered {
  undo: Call<unknown>;
  /** Its owner may permanently refuse the undo; it runs before all others, which are then skipped. */
  first?: true;
}

/** Steps that can be undone, and undos that cannot fail. */
export interface Saga {
  /**
   * Runs a step. Its undo is registered before it starts, and removed only when the step was definitely refused: after
   * a time-out, a cancel or the last attempt it is unknown whether the step has happened. After the pivot there is no
   * way back: the step is retried until it succeeds, or an operator decides.
   */
  step<Result>(call: Call<Result>, registered?: Registered): Promise<Result>;
  /** Runs the step after which the saga only goes forward. */
  pivot<Result>(call: Call<Result>, registered: Registered): Promise<Result>;
  /** Runs a step after the pivot that its owner may permanently refuse; then the saga can still be undone. */
  propose(call: Call<void>): Promise<void>;
  /** Waits for something outside the saga; an operator is asked when it does not happen in time. */
  await: (step: string, happened: () => boolean, withinMs: number) => Promise<void>;
  /**
   * Runs the undo marked `first`, if there is one. False when it is permanently refused: then the saga cannot be
   * undone, and counts as past its pivot.
   */
  withdraw(): Promise<boolean>;
  /** Runs the registered undos in reverse, then `finally`. Neither a cancel nor any number of failures stops it. */
  undo(ending: { finally: Call<void> }): Promise<void>;
}

/**
 * Starts a saga.
 * @param done steps that may have been done before: by an earlier saga on the same subject, or, in a saga whose steps are
 * called directly, by a process that died. It is unknown how far they came, so with `directSteps` it must be all of them.
 */
export function startSaga<Subject>(
  kind: SagaKind<Subject>,
  subject: Subject,
  policy: CallPolicy,
  done: readonly Registered[] = [],
): Saga {
  const undos = new Map(done.map((registered) => [registered.undo.activity, registered]));
  const details = createSagaDetails();
  const runner = createCallRunner(kind, policy, details);
  const gate = openOperatorGate(kind, subject, policy, { undos: () => [...undos.keys()], details, runner });
  const isRefusedUndo = (failure: unknown): boolean => isUndoRefused(failure, kind.undoRefusals);
  // A refusal on this saga's first attempt says nothing about what the earlier saga did.
  const isFirst = done.length === 0;
  let pastPivot = false;

  async function attempt<Result>(call: Call<Result>, registered?: Registered): Promise<Result> {
    if (registered) undos.set(registered.undo.activity, registered);
    if (pastPivot) return gate.runUntilDone(call, { how: 'direct' });
    let outages = 0;
    try {
      return await runThroughOutages({ kind, runner, details }, call, () => (outages += 1));
    } catch (failure) {
      // After an outage, the first attempt is no longer the first.
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
    propose: (call) => gate.runUntilDone(call, { isAnswer: isFinal, how: 'direct' }),
    await: gate.await,
    withdraw: () =>
      CancellationScope.nonCancellable(async () => {
        const { undo } = [...undos.values()].find(({ first }) => first) ?? {};
        if (!undo || !has(kind, 'undoFirst')) return true;
        try {
          await gate.runUntilDone(undo, { isAnswer: isRefusedUndo });
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

/**
 * Runs a call that may fail permanently. While its service is unreachable, the call starts again whenever its attempts
 * are used up; a cancel ends that.
 * @param onOutage called each time, because earlier attempts may still be running somewhere
 */
async function runThroughOutages<Result>(
  { kind, runner, details }: { kind: Pick<SagaKind<never>, 'patches'>; runner: CallRunner; details: SagaDetails },
  call: Call<Result>,
  onOutage: () => void,
): Promise<Result> {
  let isAway = false;
  try {
    for (;;) {
      try {
        return await runner.direct(call, bounded);
      } catch (failure) {
        if (!isOutage(failure) || !has(kind, 'outages')) throw failure;
        isAway = true;
        onOutage();
        const why = messageOf(failure);
        details.waiting(`**${call.activity} waits until its service is back**: ${why}`);
        log.warn(`${call.activity} waits: its service is unreachable`, { why });
      }
    }
  } finally {
    if (isAway) details.waiting(undefined);
  }
}
