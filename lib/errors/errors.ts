import type { ErrorCode } from './table';

/** An error with a meaning: `errorTable` says what it is to HTTP, to Temporal and to a message. */
export class PlatformError extends Error {
  readonly code: ErrorCode;
  /** The part of the request at fault, e.g. `items[0].quantity`. */
  declare readonly field?: string;
  /** Facts for the caller, shown in the problem: nothing personal, nothing secret. */
  declare readonly details?: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, about: { field?: string; details?: Record<string, unknown> } = {}) {
    super(message);
    this.name = 'PlatformError';
    this.code = code;
    Object.assign(this, about);
  }
}

/**
 * Makes an error to throw; the message is shown to the caller, so it names the facts and nothing secret.
 * @example throw fail('out-of-stock', 'TEA-1: 5 wanted, 2 available', { details: { sku: 'TEA-1' } });
 */
export const fail = (
  code: ErrorCode,
  message: string,
  about?: { field?: string; details?: Record<string, unknown> },
): PlatformError => new PlatformError(code, message, about);
