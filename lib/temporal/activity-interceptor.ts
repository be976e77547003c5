import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { childTraceparent, newContext, withContext, type Context } from '../telemetry/context';
import { toFailure } from './failures';
import { contextHeader } from './headers';

/** Runs every activity in the context of the caller who started its workflow, and gives its errors their meaning. */
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
