import { ActivityFailure, ApplicationFailure, isCancellation, TemporalFailure } from '@temporalio/workflow';
import type { FailureDetails } from './steps';

/** Why a saga could not go on. The step is the activity that failed; absent when the workflow itself failed. */
export type FailureCause<Refusal extends string> =
  | { kind: 'cancelled' }
  /** The step was undone before, or its owner no longer wants it. */
  | { kind: 'fenced'; step?: string }
  | { kind: 'refused'; refusal: Refusal; message: string; details: readonly unknown[] }
  /** The step failed permanently for a technical reason. */
  | { kind: 'failed'; step?: string };

/**
 * The cause of a saga's failure.
 * @throws the failure itself when it is a bug in the workflow: its task is then retried until a deploy fixes it.
 */
export function causeOf<Refusal extends string>(failure: unknown, refusals: readonly Refusal[]): FailureCause<Refusal> {
  if (!(failure instanceof TemporalFailure)) throw failure;
  if (isCancellation(failure)) return { kind: 'cancelled' };
  const step = failure instanceof ActivityFailure ? { step: failure.activityType } : {};
  if (isFenced(failure)) return { kind: 'fenced', ...step };
  const { type, message = '', details } = applicationFailureIn(failure) ?? {};
  const refusal = refusals.find((known) => known === type);
  return refusal === undefined
    ? { kind: 'failed', ...step }
    : { kind: 'refused', refusal, message, details: details ?? [] };
}

/**
 * Whether a step was refused and certainly did nothing. A refusal on a later attempt does not count: an earlier attempt
 * may have timed out and still be running, so its undo must remain as a fence.
 */
export function isDefinite(failure: unknown, refusals: readonly string[]): boolean {
  const refusal = applicationFailureIn(failure);
  const [details] = (refusal?.details ?? []) as [FailureDetails?];
  return isOfType(refusal, refusals) && details?.attempt === 1;
}

/** Whether a retry is pointless. */
export const isFinal = (failure: unknown): boolean => applicationFailureIn(failure)?.nonRetryable === true;

/** Whether a step was undone before, or is no longer wanted by its owner. */
export const isFenced = (failure: unknown): boolean => applicationFailureIn(failure)?.type === 'step-fenced';

/** Whether an undo was permanently refused: what it would undo is final. */
export const isUndoRefused = (failure: unknown, undoRefusals: readonly string[]): boolean =>
  isOfType(applicationFailureIn(failure), undoRefusals);

/** Whether the last attempt failed because a system was unreachable. */
export const isOutage = (failure: unknown): failure is ActivityFailure =>
  failure instanceof ActivityFailure && applicationFailureIn(failure)?.type === 'unavailable';

/** The type of the activity's failure, such as a refusal. */
export const typeOf = (failure: unknown): string => applicationFailureIn(failure)?.type ?? 'no reason given';

/** The error message of the activity. */
export const messageOf = (failure: ActivityFailure): string => failure.cause?.message ?? failure.message;

const isOfType = (failure: ApplicationFailure | undefined, types: readonly string[]): boolean =>
  typeof failure?.type === 'string' && types.includes(failure.type);

function applicationFailureIn(failure: unknown): ApplicationFailure | undefined {
  const cause = failure instanceof ActivityFailure ? failure.cause : failure;
  return cause instanceof ApplicationFailure ? cause : undefined;
}
