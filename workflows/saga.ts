import { CancellationScope } from '@temporalio/workflow';
import type { OrderRef, SagaPolicy } from '../contracts/saga/order';
import type { Call } from './call';
import { openDesk } from './desk';
import { outlast } from './outlast';
import { isDefinite } from './reason';

/** Steps that can be undone, and undos that can't fail. */
export interface Saga {
  /**
   * Does a step. Its undo is registered before it begins and taken off only when the step was definitely refused:
   * after a time-out, a cancel or the last attempt nobody knows whether it has happened.
   * After the pivot there is no way back: the step is tried until it succeeds, or an operator decides.
   */
  step<Result>(call: Call<Result>, registered?: { undo: Call<void> }): Promise<Result>;
  /** Does the step after which the saga only goes forward. */
  pivot<Result>(call: Call<Result>, registered: { undo: Call<void> }): Promise<Result>;
  /** Does a step after the pivot that its owner may refuse for good; then the saga can still be undone. */
  propose(call: Call<void>): Promise<void>;
  /** Waits for what must happen outside; an operator is asked when it has not in time. */
  await: (step: string, happened: () => boolean, withinMs: number) => Promise<void>;
  /** Undoes what was done, in reverse, then runs `finally`. Neither a cancel nor any number of failures stops it. */
  undo(ending: { finally: Call<void> }): Promise<void>;
}

/** Begins a saga with nothing done. */
export function startSaga(order: OrderRef, policy: SagaPolicy): Saga {
  const undos = new Set<Call<void>>();
  const desk = openDesk(order, policy, () => Array.from(undos, ({ activity }) => activity));
  let pastPivot = false;

  async function attempt<Result>(call: Call<Result>, registered?: { undo: Call<void> }): Promise<Result> {
    if (registered) undos.add(registered.undo);
    if (pastPivot) return desk.insist(call);
    let outages = 0;
    try {
      return await outlast(call, () => (outages += 1));
    } catch (failure) {
      // After an outage the first attempt is not the first any more.
      if (registered && outages === 0 && isDefinite(failure)) undos.delete(registered.undo);
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
    propose: (call) => desk.insist(call, true),
    await: desk.await,
    undo: (ending) =>
      CancellationScope.nonCancellable(async () => {
        for (const undo of [...undos].reverse()) {
          await desk.insist(undo);
          undos.delete(undo);
        }
        await desk.insist(ending.finally);
      }),
  };
}
