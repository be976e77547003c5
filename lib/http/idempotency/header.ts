import { hashRequest } from '../../effects/request-hash';
import { fail } from '../../errors/errors';
import { normalizeId } from '../../ids/ids';
import { actor } from '../auth';
import type { AppContext } from '../env';

/** A request that acts once, however often it is sent: who sent it, under which key, and what it asks for. */
export interface IdempotentRequest {
  actor: string;
  key: string;
  /** Method and path, such as `POST /notes`: a key belongs to one of them. */
  operation: string;
  /** A fingerprint of the body, the same for any order of its keys. */
  requestHash: string;
}

const wellFormed = /^[\x21-\x7e]{1,255}$/;

/** How a route declares the header: `createRoute({ parameters: [idempotencyKeyHeader({ required: true })], … })`. */
export const idempotencyKeyHeader = ({ required }: { required: boolean }) => ({
  in: 'header' as const,
  name: 'Idempotency-Key',
  required,
  description:
    'The same key with the same body gets the same answer, and acts once. 1 to 255 printable characters; the letter ' +
    'case of a UUID does not matter, that of any other key does. Keys are forgotten after a week.',
  schema: { type: 'string' as const, pattern: '^[!-~]{1,255}$' },
});

/**
 * What makes a request act once; undefined when it came without a key. Only for routes behind `authenticated`.
 * @param body as the schema of the route returned it.
 * @throws `invalid-request` when the key is not 1 to 255 printable ASCII characters.
 */
export function idempotentRequest(c: AppContext, body: unknown): IdempotentRequest | undefined {
  const key = c.req.header('idempotency-key');
  if (!key) return undefined;
  if (!wellFormed.test(key)) {
    throw fail('invalid-request', 'An Idempotency-Key has 1 to 255 printable characters', { field: 'Idempotency-Key' });
  }
  return {
    actor: actor(c).userId,
    key: normalizeId(key),
    operation: `${c.req.method} ${c.req.path}`,
    requestHash: hashRequest(body),
  };
}

/** As `idempotentRequest`, where a key is required. @throws `idempotency-key-missing` as well. */
export function requiredIdempotency(c: AppContext, body: unknown): IdempotentRequest {
  const request = idempotentRequest(c, body);
  if (!request)
    throw fail('idempotency-key-missing', 'Send an Idempotency-Key header, such as a UUID, new for each request');
  return request;
}
