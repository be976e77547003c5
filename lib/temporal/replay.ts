import { Worker, type ReplayResult } from '@temporalio/worker';
import type { HistoryAndWorkflowId } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { bundleWorkflows } from './bundle';

export type { ReplayResult } from '@temporalio/worker';

/** Why a history does not replay, in the words of the SDK's core. */
export const whyBroken = ({ message }: Error): string =>
  /message: "([^"]+)"/.exec(message)?.[1] ?? message.split('\n')[0] ?? '';

/**
 * Replays histories on the workflows that a module or folder exports, one result each: with an `error` where the
 * workflows would have gone another way. It never throws for a history.
 */
export async function* replay(
  workflowsPath: string,
  histories: Iterable<HistoryAndWorkflowId> | AsyncIterable<HistoryAndWorkflowId>,
  dataConverter: DataConverter = {},
): AsyncIterable<ReplayResult> {
  const workflowBundle = await bundleWorkflows(workflowsPath);
  yield* Worker.runReplayHistories({ workflowBundle, dataConverter }, histories);
}
