import { ApplicationFailure } from '@temporalio/workflow';
import { retryOnly, type Decision, type Stuck } from '../contracts/saga/messages';

/** What a saga waits for, and what it was told already and has not acted on yet. */
interface Waiting {
  stuck: Stuck | undefined;
  decision: Decision | undefined;
}

/**
 * Lets an operator's decision in.
 * @throws ApplicationFailure `saga-not-waiting` when it is about another step than the one that waits, when another
 * decision was faster, or when it would leave out what the order says of itself.
 */
export function admit({ step, action }: Decision, { stuck, decision }: Waiting): void {
  if (!stuck) throw refusal('The saga does not wait for anybody');
  if (stuck.step !== step) throw refusal(`The saga waits at ${stuck.step}`);
  if (decision) throw refusal(`Somebody else has just decided: ${decision.action}`);
  if (action !== 'retry' && (retryOnly as readonly string[]).includes(step))
    throw refusal(
      `Without ${step} the order would not be what its saga takes it for: mend what is in its way, then retry`,
    );
}

const refusal = (message: string): ApplicationFailure => ApplicationFailure.nonRetryable(message, 'saga-not-waiting');
