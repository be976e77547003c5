import { ApplicationFailure } from '@temporalio/common';
import type { Decision, Stuck } from './messages';

/** What a saga waits for, and a decision that it has received but not acted on yet. */
interface Waiting {
  stuck: Stuck | undefined;
  decision: Decision | undefined;
  /** Steps that can only be retried. */
  retryOnly: readonly string[];
}

/**
 * Validates an operator's decision.
 * @throws ApplicationFailure `saga-not-waiting` when no step waits or another one does, when another decision came
 * first, or when it would skip a step that can only be retried.
 */
export function validateDecision({ step, action }: Decision, { stuck, decision, retryOnly }: Waiting): void {
  if (!stuck) throw refusal('The saga is not waiting for an operator');
  if (stuck.step !== step) throw refusal(`The saga is waiting at ${stuck.step}, not at ${step}`);
  if (decision) throw refusal(`Another operator has just decided: ${decision.action}`);
  if (action !== 'retry' && retryOnly.includes(step))
    throw refusal(`${step} cannot be skipped: fix the cause, then retry`);
}

const refusal = (message: string): ApplicationFailure => ApplicationFailure.nonRetryable(message, 'saga-not-waiting');
