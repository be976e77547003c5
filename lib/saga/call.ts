import { scheduleActivity, type ActivityOptions } from '@temporalio/workflow';

/** An activity with its arguments, not begun: the saga runs it as a step or as an undo. */
export interface Call<Result> {
  readonly activity: string;
  run(retry: Retry): Promise<Result>;
}

type Retry = NonNullable<ActivityOptions['retry']>;

/** Retries for ever: after 200 ms, 400 ms, …, at last every 30 s. */
export const unbounded = { initialInterval: '200 ms', backoffCoefficient: 2, maximumInterval: '30 seconds' } as const;
/** Some four minutes of faults; time without any worker does not count, and outages last as long as they do (`outages.ts`). */
export const bounded = { ...unbounded, maximumAttempts: 15 };

type Activities<A> = Record<keyof A, (...args: never[]) => Promise<unknown>>;

/**
 * Calls of the activities that are served on one task queue; the summary is what the Temporal Web UI shows.
 * @param attemptTimeout how long one attempt may take, a slow answer of a third party included; then it is retried.
 * @example const notes = callsTo<NoteActivities>('notes');
 *          notes('writeNote', 'Write “milk”', note);
 */
export const callsTo =
  <A extends Activities<A>>(taskQueue: string, attemptTimeout: ActivityOptions['startToCloseTimeout'] = '15 seconds') =>
  <Name extends keyof A & string>(
    activity: Name,
    summary: string,
    ...args: Parameters<A[Name]>
  ): Call<Awaited<ReturnType<A[Name]>>> => ({
    activity,
    run: (retry) =>
      scheduleActivity(activity, args, { taskQueue, summary, startToCloseTimeout: attemptTimeout, retry }),
  });
