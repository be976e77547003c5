import { CancellationScope, patched } from '@temporalio/workflow';
import type { OrderRef, SagaPolicy } from '../contracts/saga/order';
import type { Call } from './call';
import { openDesk } from './desk';
import { outlast } from './outlast';
import { isDefinite, isFinal, isUndoRefused } from './reason';

/** How a step is undone. */
interface Registered {
  undo: Call<void>;
  /** Its owner may refuse the undo for good; it runs before all others, which then do not run. */
  first?: true;
}

/** Steps that can be undone, and undos that can't fail. */
export interface Saga {
  /**
   * Does a step. Its undo is registered before it begins and taken off only when the step was definitely refused:
   * after a time-out, a cancel or the last attempt nobody knows whether it has happened.
   * After the pivot there is no way back: the step is tried until it succeeds, or an operator decides.
   */
  step<Result>(call: Call<Result>, registered?: Registered): Promise<Result>;
  /** Does the step after which the saga only goes forward. */
  pivot<Result>(call: Call<Result>, registered: Registered): Promise<Result>;
  /** Does a step after the pivot that its owner may refuse for good; then the saga can still be undone. */
  propose(call: Call<void>): Promise<void>;
  /** Waits for what must happen outside; an operator is asked when it has not in time. */
  await: (step: string, happened: () => boolean, withinMs: number) => Promise<void>;
  /**
   * Runs the undo that goes first, if there is one. False when it is refused for good: then the saga can't be undone,
   * and is past its pivot.
   */
  withdraw(): Promise<boolean>;
  /** Undoes what was done, in reverse, then runs `finally`. Neither a cancel nor any number of failures stops it. */
  undo(ending: { finally: Call<void> }): Promise<void>;
}

/** Begins a saga. @param done what may have been done before it: nobody knows how far that came. */
export function startSaga(order: OrderRef, policy: SagaPolicy, done: readonly Registered[] = []): Saga {
  const undos = new Map(done.map((registered) => [registered.undo.activity, registered]));
  const desk = openDesk(order, policy, () => [...undos.keys()]);
  // A refusal that comes first to this saga says nothing of what the one before it did.
  const isFirst = done.length === 0;
  let pastPivot = false;

  async function attempt<Result>(call: Call<Result>, registered?: Registered): Promise<Result> {
    if (registered) undos.set(registered.undo.activity, registered);
    if (pastPivot) return desk.insist(call);
    let outages = 0;
    try {
      return await outlast(call, () => (outages += 1));
    } catch (failure) {
      // After an outage the first attempt is not the first any more.
      if (registered && isFirst && outages === 0 && isDefinite(failure)) undos.delete(registered.undo.activity);
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
    propose: (call) => desk.insist(call, isFinal),
    await: desk.await,
    withdraw: () =>
      CancellationScope.nonCancellable(async () => {
        const { undo } = [...undos.values()].find(({ first }) => first) ?? {};
        // Sagas that began to undo before this ran their undos strictly in reverse.
        if (!undo || !patched('parcel-first')) return true;
        try {
          await desk.insist(undo, isUndoRefused);
          return undos.delete(undo.activity);
        } catch (failure) {
          if (!isUndoRefused(failure)) throw failure;
          pastPivot = true;
          return false;
        }
      }),
    undo: (ending) =>
      CancellationScope.nonCancellable(async () => {
        for (const { undo } of [...undos.values()].reverse()) {
          await desk.insist(undo);
          undos.delete(undo.activity);
        }
        await desk.insist(ending.finally);
      }),
  };
}
