import {
  ActivityFailure,
  CancellationScope,
  condition,
  defineQuery,
  defineUpdate,
  patched,
  setHandler,
  sleep,
} from '@temporalio/workflow';
import { decisionUpdate, stateQuery, type Decision, type SagaState, type Stuck } from '../contracts/saga/messages';
import type { OrderRef, SagaPolicy } from '../contracts/saga/order';
import { admit } from './admit';
import { alarm, describeAlarm, silence } from './alarm';
import { unbounded, type Call } from './call';
import { messageOf } from './reason';

/** Where calls wait for people that must succeed and do not. */
export interface Desk {
  /**
   * Runs a call until it succeeds, or an operator says how to go on, be it while it is tried again. Neither a cancel nor
   * any number of failures ends it.
   * @param isAnswer which failures are answers, and thrown, rather than reasons to wait for people.
   */
  insist<Result>(call: Call<Result>, isAnswer?: (failure: unknown) => boolean): Promise<Result>;
  /** Waits for what must happen; when it has not in time, an operator is asked, and it is waited for still. */
  await: (step: string, happened: () => boolean, withinMs: number) => Promise<void>;
}

/** A call that waits here is tried again by itself so often. */
const restMs = 600_000;

/** Opens the desk of one saga. @param undos what could be undone now, for people who look. */
export function openDesk(order: OrderRef, { attemptsBeforeAlarm }: SagaPolicy, undos: () => string[] = () => []): Desk {
  const retry = { ...unbounded, maximumAttempts: attemptsBeforeAlarm };
  let stuck: Stuck | undefined;
  let decision: Decision | undefined;
  /** Gives up waiting for the call that is tried again; undefined while none is. */
  let giveUp: (() => void) | undefined;

  function take(made: Decision): void {
    decision = made;
    // Sagas that were told before, in the middle of an attempt, waited for its end.
    if (giveUp && patched('decision-in-time')) giveUp();
  }
  setHandler(defineUpdate<unknown, [Decision]>(decisionUpdate), take, {
    validator: (made: Decision) => admit(made, { stuck, decision }),
  });

  setHandler(defineQuery<SagaState>(stateQuery), () => ({ undos: undos(), ...(stuck ? { stuck } : {}) }));

  /** Tells everybody who may look: the search attribute, the Web UI, and those who listen to events. */
  async function raise(step: string, why: string): Promise<void> {
    const isNew = stuck?.step !== step;
    stuck = { step, why, since: stuck?.since ?? new Date().toISOString() };
    describeAlarm(step, why);
    if (!isNew) return;
    // What was said of another step, which succeeded by itself meanwhile, is not about this one.
    if (decision && patched('decision-in-time')) decision = undefined;
    await alarm(order, step, why);
  }

  function lower(): void {
    if (!stuck) return;
    stuck = undefined;
    silence();
  }

  /** The decision, if there is one before it is time to look again. */
  async function decided(orElse: () => boolean): Promise<Decision | undefined> {
    await condition(() => decision !== undefined || orElse(), restMs);
    const made = decision;
    decision = undefined;
    return made;
  }

  async function insist<Result>(call: Call<Result>, isAnswer: (failure: unknown) => boolean): Promise<Result> {
    for (;;) {
      try {
        const scope = new CancellationScope();
        giveUp = () => scope.cancel();
        const result = await scope.run(() => call.run(retry)).finally(() => (giveUp = undefined));
        lower();
        return result;
      } catch (failure) {
        if (!(failure instanceof ActivityFailure) || isAnswer(failure)) throw failure;
        if (!patched('desk')) {
          await sleep(restMs);
          continue;
        }
        if (decision?.step !== call.activity) await raise(call.activity, messageOf(failure));
        const made = await decided(() => false);
        if (!made || made.action === 'retry') continue;
        lower();
        return made.result as Result;
      }
    }
  }

  async function waitFor(step: string, happened: () => boolean, withinMs: number): Promise<void> {
    while (!(await condition(happened, withinMs))) {
      await raise(step, `It has not happened within ${Math.round(withinMs / 3_600_000)} hours`);
      let made: Decision | undefined;
      while (!made && !happened()) made = await decided(happened);
      lower();
      if (made && made.action !== 'retry') return;
    }
  }

  return {
    insist: (call, isAnswer = () => false) => CancellationScope.nonCancellable(() => insist(call, isAnswer)),
    await: (...wait) => CancellationScope.nonCancellable(() => waitFor(...wait)),
  };
}
