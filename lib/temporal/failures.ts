import { ApplicationFailure, ApplicationFailureCategory, TemporalFailure } from '@temporalio/common';
import { classify } from '../errors/classify';
import type { FailureDetails } from '../saga/steps';

/**
 * The failure that Temporal records for an error of an activity: its type is the error's code, its details tell the
 * attempt. `classify` says whether it is retried; the refusal of a step never is. What Temporal raised itself passes
 * unchanged.
 */
export function toFailure(error: unknown, attempt: number): unknown {
  if (error instanceof TemporalFailure || !(error instanceof Error)) return error;
  const { code, status, temporal } = classify(error);
  const details: FailureDetails = { attempt };
  return ApplicationFailure.create({
    message: error.message,
    type: code,
    nonRetryable: temporal === 'fail',
    details: [details],
    cause: error,
    // A refusal is business as usual: not a line at level warn in the logs, not a failure in the SDK's metrics.
    ...(status < 500 ? { category: ApplicationFailureCategory.BENIGN } : {}),
  });
}
