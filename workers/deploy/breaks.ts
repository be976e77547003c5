/** Something under way that the new code would not get on with. */
export interface Break {
  kind: 'saga' | 'message' | 'parked' | 'stream';
  /** The workflow, the event or the stream. */
  about: string;
  detail: string;
}

/** How much was looked at, and what of it would break. */
export interface Checked {
  looked: number;
  /** Of how many; of streams nobody counts them. */
  of?: number;
  breaks: Break[];
}

export const together = (parts: readonly Checked[]): Checked => ({
  looked: sum(parts.map(({ looked }) => looked)),
  of: sum(parts.map(({ looked, of = looked }) => of)),
  breaks: parts.flatMap(({ breaks }) => breaks),
});

const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);

/** The first line of what went wrong. */
export const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
