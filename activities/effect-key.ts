import { Context } from '@temporalio/activity';

/**
 * The key of a step's effect: `order/<orderId>/<step>`. It stays the same across retries, workers and resets, and the
 * step's undo uses it too, so that whichever comes late finds what the other left.
 */
export function effectKey(step: string): string {
  const workflow = Context.current().info.workflowExecution;
  if (!workflow) throw new Error(`The step ${step} was started without a workflow; its effects would have no key`);
  return `${workflow.workflowId}/${step}`;
}
