/** An operator's decision on a step that must succeed and does not. */
export interface Decision {
  /** The activity, or the event that is waited for, that it is about: a late decision meets no other. */
  step: string;
  /** Try it now; go on as if it were not needed; or go on as if it had succeeded with this result. */
  action: 'retry' | 'skip' | 'resolve';
  reason?: string | undefined;
  result?: unknown;
}
/** The update that carries a `Decision` to its saga. */
export const decisionUpdate = 'decide';

/** What a saga says of itself. */
export interface SagaState {
  /** The undos of what has been done, in the order in which it was done. */
  undos: string[];
  stuck?: Stuck;
}
/** The query that a saga answers with its `SagaState`. */
export const stateQuery = 'state';

/** A step that waits for an operator. */
export interface Stuck {
  step: string;
  why: string;
  /** ISO 8601 */
  since: string;
}
