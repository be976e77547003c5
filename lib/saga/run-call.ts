import { isCancellation } from '@temporalio/workflow';
import type { Call, Retry } from './call';
import { isFinal, typeOf } from './failures';
import { has, type SagaKind } from './kind';
import type { SagaDetails } from './details';
import type { UndoOutcome } from './steps';

/** How the calls of a saga are run. */
export interface CallPolicy {
  /** The number of failed attempts after which a call that must succeed asks for an operator; it goes on retrying. */
  attemptsBeforeAlarm: number;
  /** Whether a call is tried directly before it goes to its owner's task queue. */
  directSteps?: boolean;
}

/** Runs the calls of one saga. */
export interface CallRunner {
  /** Runs a call on its owner's task queue. */
  queued<Result>(call: Call<Result>, retry: Retry): Promise<Result>;
  /**
   * Runs a call directly if the policy says so; then, unless that gave an answer, on its owner's task queue. Both use the
   * same effect key, so the step happens once, however the first attempt ended.
   *
   * A direct call is in the history only when its workflow task has ended: when the process dies before, the task is
   * repeated, with the signals that came meanwhile, and the saga does not know what it had called. So only steps are
   * called directly, which a repetition finds done; undos never are, or the repetition would find its steps undone.
   */
  direct<Result>(call: Call<Result>, retry: Retry): Promise<Result>;
}

/** Creates the runner of one saga. @param details where each call is shown, with its outcome */
export function createCallRunner(
  kind: Pick<SagaKind<never>, 'patches'>,
  { directSteps = false }: CallPolicy,
  details: SagaDetails,
): CallRunner {
  async function shown<Result>(call: Call<Result>, run: () => Promise<Result>): Promise<Result> {
    const finished = details.started(call);
    try {
      const result = await run();
      finished(doneAs(result));
      return result;
    } catch (failure) {
      finished(isFinal(failure) ? `refused: ${typeOf(failure)}` : 'failed');
      throw failure;
    }
  }

  async function escalating<Result>(call: Call<Result>, retry: Retry): Promise<Result> {
    try {
      return await call.runDirectly();
    } catch (failure) {
      if (isCancellation(failure) || isFinal(failure)) throw failure;
      return call.run(retry);
    }
  }

  const queued: CallRunner['queued'] = (call, retry) => shown(call, () => call.run(retry));
  return {
    queued,
    direct: (call, retry) =>
      directSteps && has(kind, 'directSteps') ? shown(call, () => escalating(call, retry)) : queued(call, retry),
  };
}

const nothingToUndo: UndoOutcome = 'nothing-to-undo';

/** The outcome of a call that succeeded; an undo says whether there was something to undo. */
const doneAs = (result: unknown): string => (result === nothingToUndo ? 'nothing to undo' : 'done');
