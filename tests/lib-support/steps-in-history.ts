import type { WorkflowHandle } from '@temporalio/client';
import { activityIn } from '../../lib/temporal/history';

/** The activities of a workflow, in the order in which they were begun, whether directly or on a task queue. */
export async function stepsOf(workflow: Pick<WorkflowHandle, 'fetchHistory'>): Promise<string[]> {
  const { events } = await workflow.fetchHistory();
  return (events ?? []).flatMap((event) => activityIn(event) ?? []);
}
