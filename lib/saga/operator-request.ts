import { log, setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { SagaKind } from './kind';
import type { Stuck } from './messages';

/** Shows people that a step waits for an operator: in the Web UI, in the list of workflows, and by an activity. */
export interface OperatorRequest {
  /** The step that waits; undefined while none does. */
  readonly stuck: Stuck | undefined;
  /** Notes that a step waits, and why. False when it was noted before, and only the reason is new. */
  note(step: string, why: string): boolean;
  /** Reports the step that was noted. */
  report(): Promise<void>;
  /** No operator is needed any more. */
  clear(): void;
}

/** The request of one saga; at most one step waits at a time. */
export function createOperatorRequest<Subject>(kind: SagaKind<Subject>, subject: Subject): OperatorRequest {
  let stuck: Stuck | undefined;
  return {
    get stuck() {
      return stuck;
    },
    note(step, why) {
      const isNew = stuck?.step !== step;
      stuck = { step, why, since: stuck?.since ?? new Date().toISOString() };
      setCurrentDetails(`**${step} waits for an operator**: ${why}`);
      return isNew;
    },
    async report() {
      if (!stuck) return;
      const { step, why } = stuck;
      log.error(`${step} must succeed and does not: it waits for an operator`, { why });
      upsertSearchAttributes([{ key: kind.stuckAttribute, value: step }]);
      await kind
        .reportStuck(subject, step, why)
        .run({ maximumAttempts: 3 })
        // The list of workflows shows it all the same.
        .catch((failure: unknown) => log.warn(`could not report that ${step} waits for an operator`, { failure }));
    },
    clear() {
      if (!stuck) return;
      stuck = undefined;
      setCurrentDetails('');
      upsertSearchAttributes([{ key: kind.stuckAttribute, value: null }]);
    },
  };
}
