import type { Headers, WorkflowInterceptors } from '@temporalio/workflow';
import { contextHeader } from './headers';

/** Part of the workflow bundle: hands the header that the workflow was started with to each of its activities. */
export function interceptors(): WorkflowInterceptors {
  let carried: Headers = {};
  return {
    inbound: [
      {
        execute: (input, next) => {
          const context = input.headers[contextHeader];
          if (context) carried = { [contextHeader]: context };
          return next(input);
        },
      },
    ],
    outbound: [{ scheduleActivity: (input, next) => next({ ...input, headers: { ...input.headers, ...carried } }) }],
  };
}
