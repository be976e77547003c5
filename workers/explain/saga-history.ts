import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { describeCompleted, directCallIn, type HistoryEvent } from '../../lib/temporal/history';
import type { Happening } from './happening';
import { stepWords } from './step-words';

/** What Temporal knows of the saga of an order. */
export interface SagaTrace {
  happened: Happening[];
  /** The step that waits for an operator. */
  stuck?: string | undefined;
}

/** @param stuckAttribute reads the step that waits for an operator. @returns undefined when Temporal has no such saga. */
export async function traceSaga(
  client: Client,
  workflowId: string,
  stuckOf: (described: Described) => string | undefined,
  deadlineMs: number,
): Promise<SagaTrace | undefined> {
  const handle = client.workflow.getHandle(workflowId);
  try {
    // One after the other: only `describe` has an error of its own for a workflow that does not exist.
    const [described, history] = await client.withDeadline(Date.now() + deadlineMs, async () => {
      const found = await handle.describe();
      return [found, await handle.fetchHistory()] as const;
    });
    const pending = (described.raw.pendingActivities ?? []).map(({ activityType, attempt, lastFailure }) => ({
      step: activityType?.name ?? '',
      attempt: attempt ?? 1,
      why: lastFailure?.message ?? undefined,
    }));
    const isRunning = described.status.name === 'RUNNING';
    return {
      happened: happenedIn(history.events ?? [], pending),
      stuck: isRunning ? stuckOf(described) : undefined,
    };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

export type Described = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['describe']>>;

/** An activity that is under way. */
export interface PendingStep {
  step: string;
  attempt: number;
  why: string | undefined;
}

interface Call {
  step: string;
  begun: Date;
  attempts: number;
}

/** The history of a saga as lines: its steps with their attempts, what it waited for, and how it ended. */
export function happenedIn(history: readonly HistoryEvent[], pending: readonly PendingStep[] = []): Happening[] {
  const calls = new Map<string, Call>();
  const lines = history.flatMap((event) => linesOf(event, calls));
  const running = [...calls.values()].map(({ step, begun, attempts }): Happening => {
    const { attempt = Math.max(attempts, 1), why } = pending.find((one) => one.step === step) ?? {};
    const text = `Step "${stepWords(step)}" is under way${attempt > 1 ? `, attempt ${attempt}` : ''}`;
    return {
      at: begun,
      source: 'saga',
      kind: 'step-running',
      text,
      ...(why === undefined ? {} : { why }),
      details: { step, attempts: attempt },
    };
  });
  return [...lines, ...running];
}

/** @param calls the activities that have been scheduled and have not ended, by the id of their event. */
function linesOf(event: HistoryEvent, calls: Map<string, Call>): Happening[] {
  const at = timeOf(event);
  const say = (kind: string, text: string, more: Partial<Happening> = {}): Happening[] => [
    { at, source: 'saga', kind, text, ...more },
  ];
  const scheduled = event.activityTaskScheduledEventAttributes?.activityType?.name;
  if (scheduled) {
    calls.set(String(event.eventId), { step: scheduled, begun: at, attempts: 0 });
    return [];
  }
  const { activityTaskStartedEventAttributes: started, timerStartedEventAttributes: timer } = event;
  if (started) {
    const call = calls.get(String(started.scheduledEventId));
    if (call) call.attempts = started.attempt ?? 1;
    return [];
  }
  const ended = endOfCall(event, calls, at);
  if (ended) return [ended];
  const direct = directCallIn(event);
  if (direct) {
    const { activity: step, failure, endedAt, isFinal } = direct;
    const when = endedAt > 0 ? new Date(endedAt) : at;
    const how = failure === undefined ? 'done' : isFinal ? 'refused' : 'not done at once; its owner is asked again';
    const text = `Step "${stepWords(step)}" ${how}`;
    const kind = failure === undefined ? 'step-done' : 'step-failed';
    return say(kind, text, {
      at: when,
      details: { step, isDirect: true },
      ...(failure === undefined ? {} : { why: failure }),
    });
  }
  if (event.workflowExecutionStartedEventAttributes) return say('started', 'The saga started');
  if (timer) {
    const seconds = Number(String(timer.startToFireTimeout?.seconds ?? 0));
    // A shorter one is the pause before another attempt.
    return seconds < 60 ? [] : say('waiting', `The saga waits for at most ${spanOf(seconds)}`);
  }
  return messageOf(event, say) ?? endOf(event, say) ?? [];
}

function endOfCall(event: HistoryEvent, calls: Map<string, Call>, at: Date): Happening | undefined {
  const { activityTaskCompletedEventAttributes: done, activityTaskFailedEventAttributes: failed } = event;
  const { activityTaskTimedOutEventAttributes: late, activityTaskCanceledEventAttributes: canceled } = event;
  const scheduledEventId = (done ?? failed ?? late ?? canceled)?.scheduledEventId;
  const call = calls.get(String(scheduledEventId));
  if (!call) return undefined;
  calls.delete(String(scheduledEventId));
  const { step, begun } = call;
  const attempts = Math.max(call.attempts, 1);
  const failure = failed?.failure ?? late?.failure;
  const why = failure?.cause?.message ?? failure?.message;
  const isRefused = failed?.failure?.applicationFailureInfo?.nonRetryable === true;
  const how = isRefused
    ? 'refused'
    : done
      ? describeCompleted(event)
      : late
        ? 'timed out'
        : canceled
          ? 'given up'
          : 'failed';
  return {
    at,
    source: 'saga',
    kind: done ? 'step-done' : 'step-failed',
    text: `Step "${stepWords(step)}" ${how}${attempts > 1 ? ` at attempt ${attempts}` : ''}`,
    ...(why ? { why } : {}),
    details: { step, attempts, ms: at.getTime() - begun.getTime() },
  };
}

type Say = (kind: string, text: string, more?: Partial<Happening>) => Happening[];

const spaced = (name: string | null | undefined): string => stepWords(name ?? 'something');

function messageOf(event: HistoryEvent, say: Say): Happening[] | undefined {
  const { workflowExecutionSignaledEventAttributes: signal, workflowExecutionUpdateAcceptedEventAttributes: update } =
    event;
  if (signal) return say('told', `The saga was told: ${spaced(signal.signalName)}`);
  if (update) return say('decision', `A decision reached the saga: ${spaced(update.acceptedRequest?.input?.name)}`);
  return undefined;
}

function endOf(event: HistoryEvent, say: Say): Happening[] | undefined {
  const failed = event.workflowExecutionFailedEventAttributes;
  if (event.workflowExecutionCompletedEventAttributes) return say('ended', 'The saga ended');
  if (failed) return say('ended', 'The saga failed', failed.failure?.message ? { why: failed.failure.message } : {});
  const terminated = event.workflowExecutionTerminatedEventAttributes;
  if (terminated) return say('ended', 'The saga was terminated', terminated.reason ? { why: terminated.reason } : {});
  if (event.workflowExecutionCanceledEventAttributes) return say('ended', 'The saga was cancelled');
  return event.workflowExecutionTimedOutEventAttributes ? say('ended', 'The saga ran out of time') : undefined;
}

const timeOf = ({ eventTime }: HistoryEvent): Date =>
  new Date(Number(String(eventTime?.seconds ?? 0)) * 1_000 + (eventTime?.nanos ?? 0) / 1_000_000);

const spanOf = (seconds: number): string =>
  seconds < 7_200
    ? `${Math.round(seconds / 60)} min`
    : seconds < 172_800
      ? `${Math.round(seconds / 3_600)} h`
      : `${Math.round(seconds / 86_400)} d`;
