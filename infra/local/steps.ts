/** Says what is done and how long it took, one line a step, also when several run at once. */
export interface Steps {
  step: <T>(what: string, run: () => Promise<T>) => Promise<T>;
  note: (line: string) => void;
}

/** Something that only a person can mend, with the command that does. */
export class Trouble extends Error {
  readonly mend: string;

  constructor(message: string, mend: string) {
    super(message);
    this.name = 'Trouble';
    this.mend = mend;
  }
}

/** Steps that are told through `write`, a line at a time. */
export function createSteps(write: (line: string) => void): Steps {
  return {
    note: (line) => write(`  · ${line}`),
    async step(what, run) {
      const began = performance.now();
      const tell = (mark: string): void => {
        const seconds = ((performance.now() - began) / 1000).toFixed(1);
        write(`  ${mark} ${what.padEnd(68)} ${seconds.padStart(6)} s`);
      };
      try {
        const result = await run();
        tell('✓');
        return result;
      } catch (error) {
        tell('✗');
        throw error;
      }
    },
  };
}

/** What is shown of an error: the message, and for a trouble the command that mends it. */
export function describeError(error: unknown): string {
  if (error instanceof Trouble) return `${error.message}\n\n  To mend it:  ${error.mend}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
