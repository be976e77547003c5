/** Reports what is done and how long it took, one line a step, also when several run at once. */
export interface Steps {
  step: <T>(what: string, run: () => Promise<T>) => Promise<T>;
  note: (line: string) => void;
}

/** Something that only a person can fix, with the command that does it. */
export class UserError extends Error {
  readonly fix: string;

  constructor(message: string, fix: string) {
    super(message);
    this.name = 'UserError';
    this.fix = fix;
  }
}

/** Reports steps through `write`, a line at a time. */
export function createSteps(write: (line: string) => void): Steps {
  return {
    note: (line) => write(`  · ${line}`),
    async step(what, run) {
      const began = performance.now();
      const report = (mark: string): void => {
        const seconds = ((performance.now() - began) / 1000).toFixed(1);
        write(`  ${mark} ${what.padEnd(68)} ${seconds.padStart(6)} s`);
      };
      try {
        const result = await run();
        report('✓');
        return result;
      } catch (error) {
        report('✗');
        throw error;
      }
    },
  };
}

/** What is shown of an error: the message, and for a `UserError` the command that fixes it. */
export function describeError(error: unknown): string {
  if (error instanceof UserError) return `${error.message}\n\n  To fix it:  ${error.fix}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
