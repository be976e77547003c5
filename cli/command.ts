/** A verb of the command line. */
export interface Command {
  /** Its arguments, as the help shows them. */
  usage: string;
  summary: string;
  /** @throws UsageError when the arguments make no sense. */
  run(args: readonly string[]): Promise<void>;
}

/** The arguments make no sense: the help is shown, and the exit code is 64. */
export class UsageError extends Error {}
