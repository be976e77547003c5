import type { ErrorMeaning } from './meaning';
import { errorTable, type ErrorCode } from './table';

/** What an error has besides its message. */
interface ErrorAttributes {
  /** The part of the request at fault, e.g. `items[0].quantity`. */
  field?: string;
  /** Further members of the problem; nothing personal, nothing secret. */
  details?: Record<string, unknown>;
}

/** An error that knows what it means to HTTP, to Temporal and to a message. Create one with `platformError`. */
export class PlatformError extends Error {
  declare readonly field?: string;
  declare readonly details?: Record<string, unknown>;
  /** Private, so that it is not logged with the error. */
  readonly #meaning: ErrorMeaning;

  constructor(
    readonly code: string,
    meaning: ErrorMeaning,
    message: string,
    attributes: ErrorAttributes = {},
  ) {
    super(message);
    this.name = 'PlatformError';
    this.#meaning = meaning;
    Object.assign(this, attributes);
  }

  get meaning(): ErrorMeaning {
    return this.#meaning;
  }
}

/** The errors of a service, or of another part with errors of its own. */
export interface DefinedErrors<Code extends string> {
  /** The part's own errors, without those of the library. */
  readonly table: Readonly<Record<Code, ErrorMeaning>>;
  /** Creates an error of this part or of the library. The caller sees the message: state the facts, nothing secret. */
  readonly platformError: (code: Code | ErrorCode, message: string, attributes?: ErrorAttributes) => PlatformError;
}

/**
 * Declares the errors of a part, and returns a `platformError` for them. `docs/errors.md` lists the errors of all
 * services.
 * @example export const { table, platformError } = defineErrors({ 'note-locked': permanent(409, 'The note is locked') });
 * @throws Error when a code is already one of the library's.
 */
export function defineErrors<const Code extends string>(
  table: Readonly<Record<Code, ErrorMeaning>>,
): DefinedErrors<Code> {
  const taken = Object.keys(table).filter((code) => Object.hasOwn(errorTable, code));
  if (taken.length > 0) throw new Error(`Error code already used by the library: ${taken.join(', ')}; choose another`);
  const meanings: Readonly<Record<Code | ErrorCode, ErrorMeaning>> = { ...errorTable, ...table };
  return {
    table,
    platformError: (code, message, attributes) => new PlatformError(code, meanings[code], message, attributes),
  };
}

/**
 * Creates an error of the library. The caller sees the message: state the facts, nothing secret.
 * @example throw platformError('not-found', `There is no note ${noteId}`);
 */
export const { platformError } = defineErrors({});
