import type { WorkflowClientInterceptor } from '@temporalio/client';
import {
  ApplicationFailure,
  ApplicationFailureCategory,
  defaultPayloadConverter,
  TemporalFailure,
  type Headers,
} from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { classify } from '../errors/classify';
import type { FailureDetails } from '../saga/steps';
import { childTraceparent, currentContext, newContext, withContext, type Context } from '../telemetry/context';
import { contextHeader } from './workflow-interceptor';

/** Sends the caller's context with every workflow that is started. */
export const sendContext: WorkflowClientInterceptor = {
  startWithDetails: (input, next) => {
    const { correlationId, causationId, traceparent } = currentContext();
    const payload = defaultPayloadConverter.toPayload({ correlationId, causationId, traceparent });
    return next({ ...input, headers: { ...input.headers, [contextHeader]: payload } });
  },
};

/**
 * Runs every activity in the context of the caller who started its workflow, and converts its errors with `toFailure`.
 */
export const activityInterceptor: ActivityInterceptorsFactory = ({ info }) => ({
  inbound: {
    execute: (input, next) =>
      withContext(contextIn(input.headers), async () => {
        try {
          return await next(input);
        } catch (error) {
          throw toFailure(error, info.attempt);
        }
      }),
  },
});

function contextIn(headers: Headers): Context {
  const payload = headers[contextHeader];
  if (!payload) return newContext();
  const sent = defaultPayloadConverter.fromPayload<Context>(payload);
  return newContext({ ...sent, traceparent: childTraceparent(sent.traceparent) });
}

/**
 * The failure that Temporal records for an error of an activity: its type is the error's code, its details contain the
 * attempt. `classify` decides whether it is retried; the refusal of a step never is. Temporal's own failures pass
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
    // A refusal is normal business: no warning in the log, and no failure in the SDK's metrics.
    ...(status < 500 ? { category: ApplicationFailureCategory.BENIGN } : {}),
  });
}
