import {
  ActivityFailure,
  ApplicationFailure,
  scheduleActivity,
  scheduleLocalActivity,
  type ActivityOptions,
} from '@temporalio/workflow';
import { RetryState } from '@temporalio/common';

/** An activity with its arguments, not started yet: the saga runs it as a step or as an undo. */
export interface Call<Result> {
  readonly activity: string;
  /** What it does, for people. */
  readonly summary: string;
  /** On its owner's task queue. */
  run(retry: Retry): Promise<Result>;
  /** Once, in the process that runs the workflow: as a local activity, which needs no task of its own. */
  runDirectly(): Promise<Result>;
}

export type Retry = NonNullable<ActivityOptions['retry']>;

/** Retries forever: after 200 ms, 400 ms, …, then every 30 s. */
export const unbounded = { initialInterval: '200 ms', backoffCoefficient: 2, maximumInterval: '30 seconds' } as const;
/**
 * About four minutes of faults; time without a worker does not count, and outages may last longer
 * (`runThroughOutages`).
 */
export const bounded = { ...unbounded, maximumAttempts: 15 };

/** How long a direct call may take: a slower owner is called through its task queue. */
const directBudget = '2 seconds';

type Activities<A> = Record<keyof A, (...args: never[]) => Promise<unknown>>;

/**
 * Creates calls of the activities on one task queue; the Temporal Web UI shows the summary.
 * @param attemptTimeout how long one attempt may take, including slow answers of third parties; then it is retried
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
    summary,
    run: (retry) =>
      scheduleActivity(activity, args, { taskQueue, summary, startToCloseTimeout: attemptTimeout, retry }),
    runDirectly: () =>
      scheduleLocalActivity<Awaited<ReturnType<A[Name]>>>(activity, args, {
        summary,
        startToCloseTimeout: directBudget,
        retry: { maximumAttempts: 1 },
      }).catch((failure: unknown) => {
        throw ofActivity(activity, failure);
      }),
  });

/** The failure of a local activity as that of any other one: Temporal does not say which activity it was. */
const ofActivity = (activity: string, failure: unknown): unknown =>
  failure instanceof ApplicationFailure
    ? new ActivityFailure(failure.message, activity, undefined, RetryState.MAXIMUM_ATTEMPTS_REACHED, undefined, failure)
    : failure;
