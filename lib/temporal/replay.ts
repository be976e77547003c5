import { Worker, type ReplayResult } from '@temporalio/worker';
import type { HistoryAndWorkflowId } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { bundleWorkflows } from './bundle';

export type { ReplayResult } from '@temporalio/worker';

/** Why a history does not replay, extracted from the message of the SDK's core. */
export const whyBroken = ({ message }: Error): string =>
  /message: "([^"]+)"/.exec(message)?.[1] ?? message.split('\n')[0] ?? '';

/** The workflows that a module or folder exports, by its path; or a bundle of them that was made before, by its file. */
export type ReplayedWorkflows = string | { codePath: string };

/**
 * Replays histories on workflows. Yields one result for each, with an `error` where
 * the workflows would have taken another path; it never throws for a history.
 */
export async function* replay(
  workflows: ReplayedWorkflows,
  histories: Iterable<HistoryAndWorkflowId> | AsyncIterable<HistoryAndWorkflowId>,
  dataConverter: DataConverter = {},
): AsyncIterable<ReplayResult> {
  // Any failure converter reads encrypted failures; this one leaves the reason readable why a history does not replay.
  const { failureConverterPath: _, ...readable } = dataConverter;
  const workflowBundle = typeof workflows === 'string' ? await bundleWorkflows(workflows) : workflows;
  yield* Worker.runReplayHistories({ workflowBundle, dataConverter: readable }, histories);
}
