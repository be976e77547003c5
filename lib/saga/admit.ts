import { ApplicationFailure } from '@temporalio/common';
import type { Decision, Stuck } from './messages';

/** What a saga waits for, and what it was told already and has not acted on yet. */
interface Waiting {
  stuck: Stuck | undefined;
  decision: Decision | undefined;
  /** Steps that can only be retried. */
  retryOnly: readonly string[];
}

/**
 * Accepts an operator's decision.
 * @throws ApplicationFailure `saga-not-waiting` when it is about another step than the one that waits, when another
 * decision was faster, or when it would leave out a step that can only be retried.
 */
export function admit({ step, action }: Decision, { stuck, decision, retryOnly }: Waiting): void {
  if (!stuck) throw refusal('The saga is not waiting for an operator');
  if (stuck.step !== step) throw refusal(`The saga waits at ${stuck.step}`);
  if (decision) throw refusal(`Another operator has just decided: ${decision.action}`);
  if (action !== 'retry' && retryOnly.includes(step))
    throw refusal(`${step} cannot be left out: fix the cause, then retry`);
}

const refusal = (message: string): ApplicationFailure => ApplicationFailure.nonRetryable(message, 'saga-not-waiting');
