import type { ExitName } from './exit-codes';

/** A command ends with a code and one line that says why. */
export class CommandFailure extends Error {
  /** @param usage the short usage of the command, where its arguments were wrong. */
  constructor(
    readonly exit: ExitName,
    message: string,
    readonly usage?: string,
  ) {
    super(message);
  }
}

/** The arguments are wrong in a way that only the action can see. The command adds its short usage. */
export class UsageError extends Error {}
