import type { WorkflowClientInterceptor } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { currentContext } from '../telemetry/context';
import { contextHeader } from './headers';

/** Sends the context of the caller along with every workflow that is started. */
export const sendContext: WorkflowClientInterceptor = {
  startWithDetails: (input, next) => {
    const { correlationId, causationId, traceparent } = currentContext();
    const payload = defaultPayloadConverter.toPayload({ correlationId, causationId, traceparent });
    return next({ ...input, headers: { ...input.headers, [contextHeader]: payload } });
  },
};
