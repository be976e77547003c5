import { Worker, type ReplayResult } from '@temporalio/worker';
import type { HistoryAndWorkflowId } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { bundleWorkflows } from './bundle';

export type { ReplayResult } from '@temporalio/worker';

/** Why a history does not replay, extracted from the message of the SDK's core. */
export const whyBroken = ({ message }: Error): string =>
  /message: "([^"]+)"/.exec(message)?.[1] ?? message.split('\n')[0] ?? '';

/**
 * Replays histories on the workflows that a module or folder exports. Yields one result for each, with an `error` where
 * the workflows would have taken another path; it never throws for a history.
 * @param bundlePath a bundle of these workflows that is there already.
 */
export async function* replay(
  workflowsPath: string,
  histories: Iterable<HistoryAndWorkflowId> | AsyncIterable<HistoryAndWorkflowId>,
  dataConverter: DataConverter = {},
  bundlePath?: string,
): AsyncIterable<ReplayResult> {
  // Any failure converter reads encrypted failures; this one leaves the reason readable why a history does not replay.
  const { failureConverterPath: _, ...readable } = dataConverter;
  const workflowBundle = bundlePath === undefined ? await bundleWorkflows(workflowsPath) : { codePath: bundlePath };
  yield* Worker.runReplayHistories({ workflowBundle, dataConverter: readable }, histories);
}
