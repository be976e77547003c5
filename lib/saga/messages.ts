/** An operator's decision on a step that must succeed and keeps failing. */
export interface Decision {
  /** The activity, or the awaited event, that it is about: a late decision does not affect another step. */
  step: string;
  /** Retry it now; skip it; or continue as if it had succeeded with this result. */
  action: 'retry' | 'skip' | 'resolve';
  reason?: string | undefined;
  result?: unknown;
}
/** The update that carries a `Decision` to its saga. */
export const decisionUpdate = 'decide';

/** The state of a saga. */
export interface SagaState {
  /** The registered undos, in the sequence of their steps. */
  undos: string[];
  stuck?: Stuck;
}
/** The query that returns a saga's `SagaState`. */
export const stateQuery = 'state';

/** A step that waits for an operator. */
export interface Stuck {
  step: string;
  why: string;
  /** ISO 8601 */
  since: string;
}
