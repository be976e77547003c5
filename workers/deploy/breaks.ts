/** Something under way that the new code would not get on with. */
export interface Break {
  kind: 'saga' | 'message' | 'stream';
  /** The workflow, the event or the stream. */
  about: string;
  detail: string;
}

/** How much was looked at, and what of it would break. */
export interface Checked {
  looked: number;
  breaks: Break[];
}

export const together = (parts: readonly Checked[]): Checked => ({
  looked: parts.reduce((sum, { looked }) => sum + looked, 0),
  breaks: parts.flatMap(({ breaks }) => breaks),
});

/** The first line of what went wrong. */
export const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
