import { permanent, transient, type ErrorMeaning } from './meaning';

/**
 * The errors that any service can raise: code → HTTP problem, activity failure, fate of a message. Codes never change
 * meaning.
 */
export const errorTable = {
  'invalid-request': permanent(400, 'The request is not valid'),
  'malformed-json': permanent(400, 'The body is not valid JSON'),
  'idempotency-key-missing': permanent(400, 'The Idempotency-Key header is missing'),
  unauthorized: permanent(401, 'A valid bearer token is required'),
  'signature-invalid': permanent(401, 'A valid signature is required'),
  forbidden: permanent(403, 'Your role does not allow this'),
  'untrusted-origin': permanent(403, 'The message may be forged'),
  'not-found': permanent(404, 'Not found'),
  'method-not-allowed': permanent(405, 'Method not allowed'),
  conflict: permanent(409, 'Conflict with the current state'),
  'version-conflict': transient(409, 'Changed by another request at the same time'),
  'saga-not-waiting': permanent(409, 'The saga is not waiting for this decision'),
  'saga-gone': transient(409, 'The saga was terminated before its work was finished'),
  'step-fenced': permanent(409, 'The step was undone before it arrived'),
  'effect-key-reused': permanent(409, 'The effect key was used with another request'),
  'body-too-large': permanent(413, 'The body is too large'),
  'unsupported-media-type': permanent(415, 'The body must be JSON'),
  'unsupported-content-encoding': permanent(415, 'The body must not be compressed'),
  'idempotency-key-reused': permanent(422, 'The Idempotency-Key was used with another body'),
  'invalid-message': permanent(500, 'The message cannot be parsed'),
  'unknown-event-version': { ...transient(500, 'The event is newer than this code'), message: 'park' },
  'handler-timeout': transient(500, 'The handler of the message timed out'),
  internal: transient(500, 'Internal server error'),
  unroutable: transient(503, 'No queue is bound for the message'),
  'broker-refused': transient(503, 'A queue accepts no more messages'),
  unavailable: transient(503, 'A dependency is unavailable'),
} as const satisfies Record<string, ErrorMeaning>;

/** Every error that the library knows by name. A service adds its own with `defineErrors`. */
export type ErrorCode = keyof typeof errorTable;
