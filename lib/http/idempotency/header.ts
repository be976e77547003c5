import { platformError } from '../../errors/errors';
import { hashRequest, normalizeId } from '../../ids/ids';
import { actor } from '../auth';
import type { AppContext } from '../env';

/** A request that acts once, however often it is sent: who sent it, with which key, and a hash of its body. */
export interface IdempotentRequest {
  actor: string;
  key: string;
  /** Method and path, such as `POST /notes`; a key belongs to one operation. */
  operation: string;
  /** A hash of the body that does not depend on the order of its fields. */
  requestHash: string;
}

const wellFormed = /^[\x21-\x7e]{1,255}$/;

/** How a route declares the header: `createRoute({ parameters: [idempotencyKeyHeader({ required: true })], … })`. */
export const idempotencyKeyHeader = ({ required }: { required: boolean }) => ({
  in: 'header' as const,
  name: 'Idempotency-Key',
  required,
  description:
    'A request with the same key and the same body acts once, and gets the same response. 1 to 255 printable ASCII ' +
    'characters; case-sensitive, except for UUIDs. Keys expire after a week.',
  schema: { type: 'string' as const, pattern: '^[!-~]{1,255}$' },
});

/**
 * The idempotency of a request; undefined when it has no key. Only for routes behind `authenticated`.
 * @param body as parsed by the route's schema.
 * @throws `invalid-request` when the key is not 1 to 255 printable ASCII characters.
 */
export function idempotentRequest(c: AppContext, body: unknown): IdempotentRequest | undefined {
  const key = c.req.header('idempotency-key');
  if (!key) return undefined;
  if (!wellFormed.test(key)) {
    throw platformError('invalid-request', 'An Idempotency-Key must have 1 to 255 printable ASCII characters', {
      field: 'Idempotency-Key',
    });
  }
  return {
    actor: actor(c).userId,
    key: normalizeId(key),
    operation: `${c.req.method} ${c.req.path}`,
    requestHash: hashRequest(body),
  };
}

/** Like `idempotentRequest`, where a key is required. @throws `idempotency-key-missing` as well. */
export function requiredIdempotency(c: AppContext, body: unknown): IdempotentRequest {
  const request = idempotentRequest(c, body);
  if (!request)
    throw platformError(
      'idempotency-key-missing',
      'Send an Idempotency-Key header, such as a UUID, new for each request',
    );
  return request;
}
