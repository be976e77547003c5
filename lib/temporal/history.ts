import { defaultPayloadConverter, type WorkflowHandle } from '@temporalio/client';
import type { UndoOutcome } from '../saga/steps';

export type HistoryEvent = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>[number];

/** What the history says of an activity that a workflow called directly. Its marker is written by Temporal's SDK. */
export interface DirectCall {
  activity: string;
  /** The failure's type, or its message; undefined when it was done. */
  failure?: string;
  /** Whether the failure is an answer: any other call went on to its owner's task queue. */
  isFinal: boolean;
  /** When it ended, by the workflow's clock, in ms since 1970: that of its task's start, and of the direct calls since. */
  endedAt: number;
}

/** The direct call that an event records, if it records one. */
export function directCallIn({ markerRecordedEventAttributes: marker }: HistoryEvent): DirectCall | undefined {
  const data = marker?.markerName === 'core_local_activity' ? marker.details?.['data']?.payloads?.[0] : undefined;
  if (!data) return undefined;
  const { activity_type, complete_time } = defaultPayloadConverter.fromPayload<Marker>(data);
  const info = marker?.failure?.applicationFailureInfo;
  const failure = info?.type ?? marker?.failure?.message;
  return {
    activity: activity_type,
    ...(marker?.failure ? { failure: failure ?? 'no reason given' } : {}),
    isFinal: info?.nonRetryable === true,
    endedAt: complete_time ? complete_time.seconds * 1_000 + complete_time.nanos / 1_000_000 : 0,
  };
}

/** The name of the activity that an event begins on a task queue, or records as called directly. */
export const activityIn = (event: HistoryEvent): string | undefined =>
  event.activityTaskScheduledEventAttributes?.activityType?.name ?? directCallIn(event)?.activity;

const nothingToUndo: UndoOutcome = 'nothing-to-undo';

/**
 * How an activity on a task queue that succeeded ended, in words: an undo says whether there was something to undo. Of an
 * encrypted result nothing is known.
 */
export function describeCompleted({ activityTaskCompletedEventAttributes: completed }: HistoryEvent): string {
  const result = completed?.result?.payloads?.[0]?.data;
  return result && Buffer.from(result).toString() === JSON.stringify(nothingToUndo) ? 'nothing to undo' : 'done';
}

interface Marker {
  activity_type: string;
  complete_time: { seconds: number; nanos: number } | null;
}
