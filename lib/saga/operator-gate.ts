import {
  ActivityFailure,
  CancellationScope,
  condition,
  defineQuery,
  defineUpdate,
  setHandler,
  sleep,
} from '@temporalio/workflow';
import { admit } from './admit';
import { unbounded, type Call } from './call';
import { messageOf } from './failures';
import { has, type SagaKind } from './kind';
import { decisionUpdate, stateQuery, type Decision, type SagaState } from './messages';
import { createOperatorRequest } from './operator-request';

/** Runs calls that must succeed; one that keeps failing waits for an operator. */
export interface OperatorGate {
  /**
   * Runs a call until it succeeds, or an operator decides how to go on, also while it is retried. Neither a cancel nor
   * any number of failures ends it.
   * @param isAnswer which failures are answers, and thrown, rather than reasons to ask an operator.
   */
  runUntilDone<Result>(call: Call<Result>, isAnswer?: (failure: unknown) => boolean): Promise<Result>;
  /** Waits for what must happen; when it has not in time, an operator is asked, and the wait goes on. */
  await: (step: string, happened: () => boolean, withinMs: number) => Promise<void>;
}

/** When an operator is asked. */
export interface OperatorPolicy {
  /** A call that must succeed asks for an operator after so many failures, and goes on trying. */
  attemptsBeforeAlarm: number;
}

/** A waiting call is retried at this interval even without a decision. */
const retryEveryMs = 600_000;

/** Opens the gate of one saga. @param undos what could be undone now, for people who look. */
export function openOperatorGate<Subject>(
  kind: SagaKind<Subject>,
  subject: Subject,
  { attemptsBeforeAlarm }: OperatorPolicy,
  undos: () => string[] = () => [],
): OperatorGate {
  const retry = { ...unbounded, maximumAttempts: attemptsBeforeAlarm };
  const asked = createOperatorRequest(kind, subject);
  let decision: Decision | undefined;
  /** Gives up waiting for the call that is being tried; undefined while none is. */
  let giveUp: (() => void) | undefined;

  function take(made: Decision): void {
    decision = made;
    if (giveUp && has(kind, 'decisionInTime')) giveUp();
  }
  setHandler(defineUpdate<unknown, [Decision]>(decisionUpdate), take, {
    validator: (made: Decision) => admit(made, { stuck: asked.stuck, decision, retryOnly: kind.retryOnly }),
  });

  setHandler(defineQuery<SagaState>(stateQuery), () => ({
    undos: undos(),
    ...(asked.stuck ? { stuck: asked.stuck } : {}),
  }));

  async function request(step: string, why: string): Promise<void> {
    if (!asked.note(step, why)) return;
    // A decision about another step, which succeeded by itself meanwhile, is not about this one.
    if (decision && has(kind, 'decisionInTime')) decision = undefined;
    await asked.report();
  }

  /** The decision, if there is one before it is time to retry. */
  async function decided(orElse: () => boolean): Promise<Decision | undefined> {
    await condition(() => decision !== undefined || orElse(), retryEveryMs);
    const made = decision;
    decision = undefined;
    return made;
  }

  async function runUntilDone<Result>(call: Call<Result>, isAnswer: (failure: unknown) => boolean): Promise<Result> {
    for (;;) {
      try {
        const scope = new CancellationScope();
        giveUp = () => scope.cancel();
        const result = await scope.run(() => call.run(retry)).finally(() => (giveUp = undefined));
        asked.clear();
        return result;
      } catch (failure) {
        if (!(failure instanceof ActivityFailure) || isAnswer(failure)) throw failure;
        if (!has(kind, 'operatorGate')) {
          await sleep(retryEveryMs);
          continue;
        }
        if (decision?.step !== call.activity) await request(call.activity, messageOf(failure));
        const made = await decided(() => false);
        if (!made || made.action === 'retry') continue;
        asked.clear();
        return made.result as Result;
      }
    }
  }

  async function waitFor(step: string, happened: () => boolean, withinMs: number): Promise<void> {
    while (!(await condition(happened, withinMs))) {
      await request(step, `It has not happened within ${Math.round(withinMs / 3_600_000)} hours`);
      let made: Decision | undefined;
      while (!made && !happened()) made = await decided(happened);
      asked.clear();
      if (made && made.action !== 'retry') return;
    }
  }

  return {
    runUntilDone: (call, isAnswer = () => false) =>
      CancellationScope.nonCancellable(() => runUntilDone(call, isAnswer)),
    await: (...wait) => CancellationScope.nonCancellable(() => waitFor(...wait)),
  };
}
