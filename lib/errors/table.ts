/** What one error means to each of the three callers that can meet it. */
export interface ErrorMeaning {
  /** The HTTP status of the problem. */
  status: number;
  /** The title of the problem: the same for every occurrence. */
  title: string;
  /** An activity that throws it: tried again by Temporal, or failed for good (the failure's type is the code). */
  temporal: 'retry' | 'fail';
  /** A message handler that throws it: tried again, dead-lettered at once, or parked until a deploy. */
  message: 'retry' | 'dead-letter' | 'park';
}

/** It will be the same next time: a refusal. */
const refused = (status: number, title: string): ErrorMeaning => ({
  status,
  title,
  temporal: 'fail',
  message: 'dead-letter',
});
/** It may be gone next time: a race, an outage, a bug that a deploy mends. */
const passing = (status: number, title: string): ErrorMeaning => ({
  status,
  title,
  temporal: 'retry',
  message: 'retry',
});

/** The one table of errors: code → HTTP problem, activity failure, fate of a message. Codes never change. */
export const errorTable = {
  'invalid-request': refused(400, 'The request is not valid'),
  'malformed-json': refused(400, 'The body is not valid JSON'),
  'idempotency-key-missing': refused(400, 'The Idempotency-Key header is missing'),
  unauthorized: refused(401, 'A valid bearer token is needed'),
  'signature-invalid': refused(401, 'A valid signature is needed'),
  'payment-declined': refused(402, 'The payment was declined'),
  'capture-refused': refused(402, 'The capture of the payment was refused'),
  forbidden: refused(403, 'Your role does not allow this'),
  'not-found': refused(404, 'There is no such thing'),
  'method-not-allowed': refused(405, 'The path does not take this method'),
  conflict: refused(409, 'It conflicts with what is there'),
  'version-conflict': passing(409, 'Somebody else changed it at the same time'),
  'idempotency-key-in-progress': passing(409, 'The first request with this Idempotency-Key is under way'),
  'order-not-cancellable': refused(409, 'The order can no longer be cancelled'),
  'order-not-returnable': refused(409, 'The order cannot be returned'),
  'order-not-in-review': refused(409, 'The order does not wait for a review'),
  'saga-not-waiting': refused(409, 'The saga does not wait for this decision'),
  'saga-gone': passing(409, 'The saga was ended before its order'),
  'shipment-not-cancellable': refused(409, 'The parcel can no longer be called back'),
  'out-of-stock': refused(409, 'Not enough pieces in stock'),
  'step-fenced': refused(409, 'The step was undone before it arrived'),
  'effect-key-reused': refused(409, 'The effect key was used with another payload'),
  'body-too-large': refused(413, 'The body is too large'),
  'unsupported-media-type': refused(415, 'The body must be JSON'),
  'unsupported-content-encoding': refused(415, 'The body must not be compressed'),
  'idempotency-key-reused': refused(422, 'The Idempotency-Key was used with another body'),
  'unknown-user': refused(422, 'There is no such user'),
  'unknown-product': refused(422, 'There is no such product'),
  'currency-mix': refused(422, 'The order mixes currencies'),
  'address-not-serviceable': refused(422, 'The carrier does not serve this address'),
  'untrusted-origin': refused(403, 'The message may be forged'),
  'invalid-message': refused(500, 'The message cannot be parsed'),
  'unknown-event-version': { ...passing(500, 'The event is newer than this code'), message: 'park' },
  'handler-timeout': passing(500, 'The handler of the message did not end in time'),
  internal: passing(500, 'Something went wrong here'),
  unroutable: passing(503, 'No queue takes the message'),
  'broker-refused': passing(503, 'A queue takes no more messages'),
  unavailable: passing(503, 'A system that is needed cannot be reached'),
} as const satisfies Record<string, ErrorMeaning>;

/** Every error that the platform knows by name. */
export type ErrorCode = keyof typeof errorTable;
