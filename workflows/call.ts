import { scheduleActivity, type ActivityOptions } from '@temporalio/workflow';

/** An activity with its arguments, not begun: the saga runs it as a step or as an undo. */
export interface Call<Result> {
  readonly activity: string;
  run(retry: Retry): Promise<Result>;
}

type Retry = NonNullable<ActivityOptions['retry']>;

/** Every half a minute at last. */
export const unbounded = { initialInterval: '200 ms', backoffCoefficient: 2, maximumInterval: '30 seconds' } as const;
/** Some four minutes of faults; time without any worker does not count, and outages last as long as they do (`outlast`). */
export const bounded = { ...unbounded, maximumAttempts: 15 };

/** One attempt may take so long, the gateway's slowest answer included; then it is tried again under the same key. */
const attemptTimeout = '15 seconds';

type Activities<A> = Record<keyof A, (...args: never[]) => Promise<unknown>>;

/**
 * Calls of the activities that are served on one task queue; the summary is what the Temporal Web UI shows.
 * @example const inventory = callsTo<InventoryActivities>('inventory');
 *          inventory('reserveStock', 'Reserve 2 × TEA-1', order);
 */
export const callsTo =
  <A extends Activities<A>>(taskQueue: string) =>
  <Name extends keyof A & string>(
    activity: Name,
    summary: string,
    ...args: Parameters<A[Name]>
  ): Call<Awaited<ReturnType<A[Name]>>> => ({
    activity,
    run: (retry) =>
      scheduleActivity(activity, args, { taskQueue, summary, startToCloseTimeout: attemptTimeout, retry }),
  });
