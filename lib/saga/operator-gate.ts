import {
  ActivityFailure,
  CancellationScope,
  condition,
  defineQuery,
  defineUpdate,
  setHandler,
  sleep,
} from '@temporalio/workflow';
import { validateDecision, createOperatorRequest } from './operator-request';
import { unbounded, type Call } from './call';
import { createSagaDetails, type SagaDetails } from './details';
import { messageOf } from './failures';
import { has, type SagaKind } from './kind';
import { createCallRunner, type CallPolicy, type CallRunner } from './run-call';
import { decisionUpdate, stateQuery, type Decision, type SagaState } from './messages';

/** Runs calls that must succeed; one that keeps failing waits for an operator. */
export interface OperatorGate {
  /**
   * Runs a call until it succeeds, or an operator decides how to continue, even during retries. Neither a cancel nor
   * any number of failures ends it.
   */
  runUntilDone<Result>(call: Call<Result>, options?: RunOptions): Promise<Result>;
  /**
   * Waits for something that must happen; when it does not happen in time, an operator is asked, and the wait goes on.
   */
  await: (step: string, happened: () => boolean, withinMs: number) => Promise<void>;
}

interface RunOptions {
  /** Which failures are answers, to be thrown, rather than reasons to ask an operator; none by default. */
  isAnswer?: (failure: unknown) => boolean;
  /** Whether the call may be tried directly; not by default, as an undo must not. */
  how?: keyof CallRunner;
}

/** A waiting call is retried at this interval even without a decision. */
const retryEveryMs = 600_000;

/** What the gate shares with the saga that it belongs to. */
interface Shared {
  /** What could be undone now, for operators. */
  undos: () => string[];
  details: SagaDetails;
  runner: CallRunner;
}

/** Opens the gate of one saga. @param shared of a saga without undos, it has its own */
export function openOperatorGate<Subject>(
  kind: SagaKind<Subject>,
  subject: Subject,
  policy: CallPolicy,
  { undos, details, runner }: Shared = shareNothing(kind, policy),
): OperatorGate {
  const retry = { ...unbounded, maximumAttempts: policy.attemptsBeforeAlarm };
  const request = createOperatorRequest(kind, subject, details);
  let decision: Decision | undefined;
  /** Stops waiting for the call in progress; undefined while there is none. */
  let abandon: (() => void) | undefined;

  function take(made: Decision): void {
    decision = made;
    if (abandon && has(kind, 'decisionInTime')) abandon();
  }
  setHandler(defineUpdate<unknown, [Decision]>(decisionUpdate), take, {
    validator: (made: Decision) =>
      validateDecision(made, { stuck: request.stuck, decision, retryOnly: kind.retryOnly }),
  });

  setHandler(defineQuery<SagaState>(stateQuery), () => ({
    undos: undos(),
    ...(request.stuck ? { stuck: request.stuck } : {}),
  }));

  async function requestOperator(step: string, why: string): Promise<void> {
    if (!request.note(step, why)) return;
    // A decision on another step, which has succeeded meanwhile, does not apply to this one.
    if (decision && has(kind, 'decisionInTime')) decision = undefined;
    await request.report();
  }

  /** The decision, if it arrives before the next retry. */
  async function decided(orElse: () => boolean): Promise<Decision | undefined> {
    await condition(() => decision !== undefined || orElse(), retryEveryMs);
    const made = decision;
    decision = undefined;
    return made;
  }

  async function runUntilDone<Result>(call: Call<Result>, { isAnswer, how = 'queued' }: RunOptions): Promise<Result> {
    for (;;) {
      try {
        const scope = new CancellationScope();
        abandon = () => scope.cancel();
        const result = await scope.run(() => runner[how](call, retry)).finally(() => (abandon = undefined));
        request.clear();
        return result;
      } catch (failure) {
        if (!(failure instanceof ActivityFailure) || isAnswer?.(failure)) throw failure;
        if (!has(kind, 'operatorGate')) {
          await sleep(retryEveryMs);
          continue;
        }
        if (decision?.step !== call.activity) await requestOperator(call.activity, messageOf(failure));
        const made = await decided(() => false);
        if (!made || made.action === 'retry') continue;
        request.clear();
        return made.result as Result;
      }
    }
  }

  async function waitFor(step: string, happened: () => boolean, withinMs: number): Promise<void> {
    while (!(await condition(happened, withinMs))) {
      await requestOperator(step, `It did not happen within ${Math.round(withinMs / 3_600_000)} hours`);
      let made: Decision | undefined;
      while (!made && !happened()) made = await decided(happened);
      request.clear();
      if (made && made.action !== 'retry') return;
    }
  }

  return {
    runUntilDone: (call, options = {}) => CancellationScope.nonCancellable(() => runUntilDone(call, options)),
    await: (...wait) => CancellationScope.nonCancellable(() => waitFor(...wait)),
  };
}

function shareNothing(kind: Pick<SagaKind<never>, 'patches'>, policy: CallPolicy): Shared {
  const details = createSagaDetails();
  return { undos: () => [], details, runner: createCallRunner(kind, policy, details) };
}
