import { ActivityFailure, CancellationScope, log, sleep } from '@temporalio/workflow';
import type { Call } from './call';
import { isDefinite } from './reason';

/** Steps that can be undone, and undos that can't fail. */
export interface Saga {
  /**
   * Does a step. Its undo is registered before it begins and taken off only when the step was definitely refused:
   * after a time-out, a cancel or the last attempt nobody knows whether it has happened.
   * After the pivot there is no way back: the step is tried until it succeeds.
   */
  step<Result>(call: Call<Result>, registered?: { undo: Call<void> }): Promise<Result>;
  /** Does the step after which the saga only goes forward. */
  pivot<Result>(call: Call<Result>, registered: { undo: Call<void> }): Promise<Result>;
  /** Undoes what was done, in reverse, then runs `finally`. Neither a cancel nor any number of failures stops it. */
  undo(ending: { finally: Call<void> }): Promise<void>;
}

/** Tried for ever, every half a minute at last. */
const unbounded = { initialInterval: '200 ms', backoffCoefficient: 2, maximumInterval: '30 seconds' } as const;
/** Some four minutes of faults; time without any worker does not count. */
const bounded = { ...unbounded, maximumAttempts: 15 };
/** How long a call that must succeed rests when it was refused for good: only people can mend that. */
const restBeforeInsisting = '10 minutes';

/** Begins a saga with nothing done. */
export function startSaga(): Saga {
  const undos = new Set<Call<void>>();
  let pastPivot = false;

  async function attempt<Result>(call: Call<Result>, registered?: { undo: Call<void> }): Promise<Result> {
    if (registered) undos.add(registered.undo);
    if (pastPivot) return CancellationScope.nonCancellable(() => insist(call));
    try {
      return await call.run(bounded);
    } catch (failure) {
      if (registered && isDefinite(failure)) undos.delete(registered.undo);
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
    undo: (ending) =>
      CancellationScope.nonCancellable(async () => {
        for (const undo of [...undos].reverse()) await insist(undo);
        await insist(ending.finally);
      }),
  };
}

/** Runs a call until it succeeds. One that keeps failing waits here for people: the place of the operator's desk. */
async function insist<Result>(call: Call<Result>): Promise<Result> {
  for (;;) {
    try {
      return await call.run(unbounded);
    } catch (failure) {
      if (!(failure instanceof ActivityFailure)) throw failure;
      log.error(`${call.activity} must succeed and was refused; trying again in ${restBeforeInsisting}`, { failure });
      await sleep(restBeforeInsisting);
    }
  }
}
