import { normalizeId } from '../ids/ids';
import { fail } from '../errors/errors';
import type { AppContext } from './env';

/** A fingerprint of a request's body, the same for any order of its keys. */
export { hashRequest as requestHash } from '../effects/request-hash';

const wellFormed = /^[\x21-\x7e]{1,255}$/;

/** How a route that needs the header declares it: `createRoute({ parameters: [idempotencyKeyHeader], … })`. */
export const idempotencyKeyHeader = {
  in: 'header' as const,
  name: 'Idempotency-Key',
  required: true,
  description:
    'The same key with the same body gets the same answer, and acts once. 1 to 255 printable characters; the letter ' +
    'case of a UUID does not matter, that of any other key does.',
  schema: { type: 'string' as const, pattern: '^[!-~]{1,255}$' },
};

/**
 * The request's `Idempotency-Key`; a UUID in lower case.
 * @throws `idempotency-key-missing`, or `invalid-request` when it is not 1 to 255 printable ASCII characters.
 */
export function idempotencyKey(c: AppContext): string {
  const key = c.req.header('idempotency-key');
  if (!key)
    throw fail(
      'idempotency-key-missing',
      'Send an Idempotency-Key header, such as a UUID, new for each request that is no repetition',
    );
  if (!wellFormed.test(key)) {
    throw fail('invalid-request', 'An Idempotency-Key has 1 to 255 printable characters', { field: 'Idempotency-Key' });
  }
  return normalizeId(key);
}
