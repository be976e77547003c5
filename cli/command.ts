/** A verb of the command line. */
export interface Command {
  /** Its arguments, as the help shows them. */
  usage: string;
  summary: string;
  /** @throws UsageError when the arguments make no sense. */
  run(args: readonly string[]): Promise<void>;
}

/** What the exit codes of all commands mean. */
export const exitCodes = {
  done: 0,
  failed: 1,
  /** Nothing matched, or there is a difference: not an error, and nothing was done. */
  nothing: 2,
  /** What was begun was stopped, because it failed again, or could only be done in part. */
  stopped: 3,
  /** EX_USAGE of sysexits. */
  usage: 64,
  /** EX_UNAVAILABLE: the platform, the broker or a database is away. */
  unavailable: 69,
} as const;

/** A command ends with a code and one line that says why. */
export class CommandFailure extends Error {
  constructor(
    readonly exitCode: number,
    message: string,
  ) {
    super(message);
  }
}

/** The arguments make no sense: the help is shown, and the exit code is 64. */
export class UsageError extends Error {}
