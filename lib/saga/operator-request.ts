import { log, upsertSearchAttributes } from '@temporalio/workflow';
import { ApplicationFailure } from '@temporalio/common';
import type { SagaDetails } from './details';
import type { SagaKind } from './kind';
import type { Stuck, Decision } from './messages';

/** Shows that a step waits for an operator: in the Web UI, in the list of workflows, and by an activity. */
export interface OperatorRequest {
  /** The step that waits; undefined while none does. */
  readonly stuck: Stuck | undefined;
  /** Records that a step waits, and why. False when that was recorded before, and only the reason is new. */
  note(step: string, why: string): boolean;
  /** Reports the recorded step. */
  report(): Promise<void>;
  /** An operator is no longer needed. */
  clear(): void;
}

/** Creates the request of one saga, in which at most one step waits at a time. */
export function createOperatorRequest<Subject>(
  kind: SagaKind<Subject>,
  subject: Subject,
  details: SagaDetails,
): OperatorRequest {
  let stuck: Stuck | undefined;
  return {
    get stuck() {
      return stuck;
    },
    note(step, why) {
      const isNew = stuck?.step !== step;
      stuck = { step, why, since: stuck?.since ?? new Date().toISOString() };
      details.waiting(`**${step} waits for an operator**: ${why}`);
      return isNew;
    },
    async report() {
      if (!stuck) return;
      const { step, why } = stuck;
      log.error(`${step} keeps failing: waiting for an operator`, { why });
      upsertSearchAttributes([{ key: kind.stuckAttribute, value: step }]);
      await kind
        .reportStuck(subject, step, why)
        .run({ maximumAttempts: 3 })
        // The list of workflows shows it anyway.
        .catch((failure: unknown) => log.warn(`${step} waits for an operator, but could not be reported`, { failure }));
    },
    clear() {
      if (!stuck) return;
      stuck = undefined;
      details.waiting(undefined);
      upsertSearchAttributes([{ key: kind.stuckAttribute, value: null }]);
    },
  };
}

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
