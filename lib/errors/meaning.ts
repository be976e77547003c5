/** What an error means to each of the three callers that can meet it. */
export interface ErrorMeaning {
  /** The HTTP status of the problem. */
  readonly status: number;
  /** The title of the problem: the same for every occurrence. */
  readonly title: string;
  /** An activity that throws it: retried by Temporal, or failed for good (the failure's type is the code). */
  readonly temporal: 'retry' | 'fail';
  /** A message handler that throws it: retried, dead-lettered at once, or parked until a deploy. */
  readonly message: 'retry' | 'dead-letter' | 'park';
}

/** For a refusal: the next attempt would fail in the same way. */
export const permanent = (status: number, title: string): ErrorMeaning => ({
  status,
  title,
  temporal: 'fail',
  message: 'dead-letter',
});

/** For a race, an outage, or a bug that a deploy fixes: the next attempt may succeed. */
export const transient = (status: number, title: string): ErrorMeaning => ({
  status,
  title,
  temporal: 'retry',
  message: 'retry',
});
