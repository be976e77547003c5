import type { ErrorMeaning } from './meaning';
import { errorTable, type ErrorCode } from './table';

/** What an error tells besides its message. */
interface About {
  /** The part of the request at fault, e.g. `items[0].quantity`. */
  field?: string;
  /** Facts for the caller, shown in the problem: nothing personal, nothing secret. */
  details?: Record<string, unknown>;
}

/** An error that carries what it means to HTTP, to Temporal and to a message. Make one with `fail`. */
export class PlatformError extends Error {
  declare readonly field?: string;
  declare readonly details?: Record<string, unknown>;
  /** Private, so that logs of the error do not repeat it. */
  readonly #meaning: ErrorMeaning;

  constructor(
    readonly code: string,
    meaning: ErrorMeaning,
    message: string,
    about: About = {},
  ) {
    super(message);
    this.name = 'PlatformError';
    this.#meaning = meaning;
    Object.assign(this, about);
  }

  get meaning(): ErrorMeaning {
    return this.#meaning;
  }
}

/** The errors of a service, or of another part that has its own. */
export interface DefinedErrors<Code extends string> {
  /** Its own errors, without those of the library. */
  readonly table: Readonly<Record<Code, ErrorMeaning>>;
  /** Makes an error to throw, of this part or of the library. The caller sees the message: name the facts, nothing secret. */
  readonly fail: (code: Code | ErrorCode, message: string, about?: About) => PlatformError;
}

/**
 * Declares the errors of a part, and returns the `fail` that knows them. `docs/errors.md` lists those of every service.
 * @example export const { table, fail } = defineErrors({ 'note-locked': permanent(409, 'The note is locked') });
 * @throws Error when a code is one of the library's: it would have two meanings.
 */
export function defineErrors<const Code extends string>(
  table: Readonly<Record<Code, ErrorMeaning>>,
): DefinedErrors<Code> {
  const taken = Object.keys(table).filter((code) => Object.hasOwn(errorTable, code));
  if (taken.length > 0) throw new Error(`${taken.join(', ')}: the library has an error with this code; choose another`);
  const meanings: Readonly<Record<Code | ErrorCode, ErrorMeaning>> = { ...errorTable, ...table };
  return { table, fail: (code, message, about) => new PlatformError(code, meanings[code], message, about) };
}

/**
 * Makes an error of the library to throw; the caller sees the message, so it names the facts and nothing secret.
 * @example throw fail('not-found', `There is no note ${noteId}`);
 */
export const { fail } = defineErrors({});
