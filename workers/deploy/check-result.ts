/** Something in progress that the new code could not continue. */
export interface Incompatibility {
  kind: 'saga' | 'message' | 'parked' | 'stream';
  /** The workflow, the event or the stream. */
  about: string;
  detail: string;
}

/** How much was checked, and what of it is incompatible. The names are those of `deploy check --json`. */
export interface CheckResult {
  looked: number;
  /** Of how many; streams are not counted. */
  of?: number;
  breaks: Incompatibility[];
}

/** Several results as one. */
export const mergeResults = (parts: readonly CheckResult[]): CheckResult => ({
  looked: sum(parts.map(({ looked }) => looked)),
  of: sum(parts.map(({ looked, of = looked }) => of)),
  breaks: parts.flatMap(({ breaks }) => breaks),
});

const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);

/** The first line of an error's message. */
export const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
