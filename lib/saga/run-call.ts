import { isCancellation } from '@temporalio/workflow';
import type { Call, Retry } from './call';
import { isFinal } from './failures';
import { has, type SagaKind } from './kind';
import type { SagaDetails } from './details';

/** How the calls of a saga are run. */
export interface CallPolicy {
  /** The number of failed attempts after which a call that must succeed asks for an operator; it goes on retrying. */
  attemptsBeforeAlarm: number;
  /** Whether a call is tried directly before it goes to its owner's task queue. */
  directSteps?: boolean;
}

/** Runs the calls of one saga. */
export interface CallRunner {
  /**
   * Runs a call directly if the policy says so; then, unless that gave an answer, on its owner's task queue. Both use the
   * same effect key, so the step happens once, however the first attempt ended.
   */
  run<Result>(call: Call<Result>, retry: Retry): Promise<Result>;
  /**
   * Whether a failed call may still be running somewhere else. A direct call is repeated when the process dies in the
   * middle of a workflow task, and nothing counts its attempts.
   */
  mayStillRun(): boolean;
}

/** Creates the runner of one saga. @param details where each call is shown, with its outcome */
export function createCallRunner(
  kind: Pick<SagaKind<never>, 'patches'>,
  { directSteps = false }: CallPolicy,
  details: SagaDetails,
): CallRunner {
  const isDirect = (): boolean => directSteps && has(kind, 'directSteps');

  async function tryDirectly<Result>(call: Call<Result>): Promise<{ result: Result } | undefined> {
    if (!isDirect()) return undefined;
    try {
      return { result: await call.runDirectly() };
    } catch (failure) {
      if (isCancellation(failure) || isFinal(failure)) throw failure;
      return undefined;
    }
  }

  return {
    run: async (call, retry) => {
      const finished = details.started(call);
      try {
        const direct = await tryDirectly(call);
        const result = direct ? direct.result : await call.run(retry);
        finished('done');
        return result;
      } catch (failure) {
        finished('failed');
        throw failure;
      }
    },
    mayStillRun: isDirect,
  };
}
