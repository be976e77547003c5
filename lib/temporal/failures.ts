import { ApplicationFailure, ApplicationFailureCategory, TemporalFailure } from '@temporalio/common';
import { classify } from '../errors/classify';
import { StepRefused, type FailureDetails } from '../saga/steps';

/**
 * The failure that Temporal records for an error of an activity: its type is the error's code, its details tell the
 * attempt. `errorTable` says whether it is retried; the refusal of a step never is. What Temporal raised itself passes
 * unchanged.
 */
export function toFailure(error: unknown, attempt: number): unknown {
  if (error instanceof TemporalFailure || !(error instanceof Error)) return error;
  const { type, isFinal, isBenign } = meaningOf(error);
  const details: FailureDetails = { attempt };
  return ApplicationFailure.create({
    message: error.message,
    type,
    nonRetryable: isFinal,
    details: [details],
    cause: error,
    // A refusal is business as usual: not a line at level warn in the logs, not a failure in the SDK's metrics.
    ...(isBenign ? { category: ApplicationFailureCategory.BENIGN } : {}),
  });
}

function meaningOf(error: Error): { type: string; isFinal: boolean; isBenign: boolean } {
  if (error instanceof StepRefused) return { type: String(error.code), isFinal: true, isBenign: true };
  const { code, status, temporal } = classify(error);
  return { type: code, isFinal: temporal === 'fail', isBenign: status < 500 };
}
