import type { Client, HistoryAndWorkflowId } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { taskQueues } from '../../contracts/saga/order';
import { replay, whyBroken, type ReplayedWorkflows } from '../../lib/temporal/replay';
import type { CheckResult } from './check-result';

/** Replays every running saga on these workflows. */
export async function checkSagas(
  client: Client,
  workflows: ReplayedWorkflows,
  converter: DataConverter,
): Promise<CheckResult> {
  const checked: CheckResult = { looked: 0, breaks: [] };
  for await (const { workflowId, error } of replay(workflows, openHistories(client), converter)) {
    checked.looked += 1;
    if (error) checked.breaks.push({ kind: 'saga', about: workflowId, detail: whyBroken(error) });
  }
  return checked;
}

async function* openHistories(client: Client): AsyncIterable<HistoryAndWorkflowId> {
  const query = `TaskQueue = "${taskQueues.saga}" and ExecutionStatus = "Running"`;
  for await (const { workflowId, runId } of client.workflow.list({ query })) {
    try {
      const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
      // A workflow without a completed task has decided nothing yet that could differ.
      if (history.events?.some((event) => event.workflowTaskCompletedEventAttributes)) yield { workflowId, history };
    } catch (error) {
      // It has ended since it was listed, and was deleted.
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }
}
