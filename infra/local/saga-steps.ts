import { setTimeout as sleep } from 'node:timers/promises';
import { defaultPayloadConverter, type WorkflowHandle } from '@temporalio/client';
import { describeCompleted, directCallIn, type HistoryEvent } from '../../lib/temporal/history';

/** One activity of a saga, as Temporal recorded it. */
export interface SagaStep {
  activity: string;
  /** What it was to do, for people. */
  summary: string;
  /** From being scheduled to its end, retries included. */
  milliseconds: number;
  outcome: string;
}

/** Reads the steps of a saga from its history, once none of them is under way (or at the latest after 10 s). */
export async function readSagaSteps(saga: WorkflowHandle): Promise<SagaStep[]> {
  for (let attempt = 0; ; attempt += 1) {
    const { events } = await saga.fetchHistory();
    const { steps, open } = stepsIn(events ?? []);
    if (open === 0 || attempt === 200) return steps;
    await sleep(50);
  }
}

function stepsIn(events: readonly HistoryEvent[]): { steps: SagaStep[]; open: number } {
  const ends = new Map(events.flatMap((event) => endOf(event) ?? []));
  const attempts = new Map(
    events.flatMap(({ activityTaskStartedEventAttributes: started }) =>
      started ? [[Number(started.scheduledEventId), started.attempt ?? 1]] : [],
    ),
  );
  const scheduled = events.flatMap((event) => {
    const activity = event.activityTaskScheduledEventAttributes?.activityType?.name;
    return activity ? [{ activity, event, id: Number(event.eventId) }] : [];
  });
  const queued = scheduled.map(({ activity, event, id }) => {
    const end = ends.get(id);
    const attempt = attempts.get(id) ?? 1;
    const outcome = end?.outcome ?? 'under way';
    return {
      id,
      activity,
      summary: summaryOf(event),
      milliseconds: end ? end.time - timeOf(event) : 0,
      outcome: attempt > 1 ? `${outcome} (attempt ${attempt})` : outcome,
    };
  });
  const steps = [...queued, ...directIn(events)].sort((one, other) => one.id - other.id);
  return { steps, open: scheduled.filter(({ id }) => !ends.has(id)).length };
}

/** The steps that were done or refused directly. What failed otherwise went on to its owner's task queue. */
function directIn(events: readonly HistoryEvent[]): (SagaStep & { id: number })[] {
  let clock = 0;
  return events.flatMap((event) => {
    if (event.workflowTaskStartedEventAttributes) clock = timeOf(event);
    const call = directCallIn(event);
    if (!call) return [];
    const milliseconds = call.endedAt - clock;
    clock = call.endedAt;
    if (call.failure !== undefined && !call.isFinal) return [];
    const outcome = call.failure === undefined ? 'done' : `refused: ${call.failure}`;
    return [{ id: Number(event.eventId), activity: call.activity, summary: summaryOf(event), milliseconds, outcome }];
  });
}

/** For an event that ends an activity: the id of its beginning, and how and when it ended. */
function endOf(event: HistoryEvent): [number, { outcome: string; time: number }][] | undefined {
  const done = event.activityTaskCompletedEventAttributes;
  const failed = event.activityTaskFailedEventAttributes;
  const other = event.activityTaskTimedOutEventAttributes ?? event.activityTaskCanceledEventAttributes;
  const id = (done ?? failed ?? other)?.scheduledEventId;
  if (id === undefined || id === null) return undefined;
  const reason = failed?.failure?.applicationFailureInfo?.type ?? failed?.failure?.message;
  const outcome = done ? describeCompleted(event) : failed ? `refused: ${reason ?? 'no reason given'}` : 'did not end';
  return [[Number(id), { outcome, time: timeOf(event) }]];
}

function summaryOf({ userMetadata }: HistoryEvent): string {
  const payload = userMetadata?.summary;
  return payload ? defaultPayloadConverter.fromPayload<string>(payload) : '';
}

/** Milliseconds since 1970. */
const timeOf = ({ eventTime }: HistoryEvent): number =>
  Number(eventTime?.seconds ?? 0) * 1000 + (eventTime?.nanos ?? 0) / 1_000_000;
