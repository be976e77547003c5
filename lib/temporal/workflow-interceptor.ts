import type { Headers, WorkflowInterceptors } from '@temporalio/workflow';

/**
 * The header that carries the context from the client through the workflow to its activities.
 * It is stored in every history, so neither its name nor its fields may change.
 */
export const contextHeader = 'context';

/** Part of the workflow bundle: passes the header of the workflow's start to each of its activities. */
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
    outbound: [
      {
        scheduleActivity: (input, next) => next({ ...input, headers: { ...input.headers, ...carried } }),
        scheduleLocalActivity: (input, next) => next({ ...input, headers: { ...input.headers, ...carried } }),
      },
    ],
  };
}
