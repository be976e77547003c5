import { createMiddleware } from 'hono/factory';
import { platformError } from '../errors/errors';
import type { AppEnv } from './env';
import { verifySignature } from './signature';

export interface Signer {
  /** The actor in the metadata of events. */
  name: string;
  /** The secrets in use, each of which signs; without one, requests cannot be verified, and every request gets 503. */
  secrets: () => readonly string[];
  /** The headers with the time of signing and the signature. */
  headers: { timestamp: string; signature: string };
  clock: () => Date;
}

/** Admits requests that the signer has signed; used instead of a bearer token, before the body is parsed. */
export const signedBy = ({ name, secrets, headers, clock }: Signer) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const inUse = secrets();
    if (inUse.length === 0)
      throw platformError('unavailable', `No secret is configured to verify the signature of ${name}`);
    const [timestamp, signature] = [c.req.header(headers.timestamp), c.req.header(headers.signature)];
    if (!timestamp || !signature)
      throw platformError('signature-invalid', `Send the headers ${headers.timestamp} and ${headers.signature}`);
    const body = new Uint8Array(await c.req.arrayBuffer());
    verifySignature(inUse, { timestamp, signature, body }, clock());
    c.get('context').actor = name;
    await next();
  });

/** How a route behind `signedBy` declares itself: `createRoute({ …signedRequest(headers), … })`. */
export const signedRequest = ({ timestamp, signature }: Signer['headers']) => ({
  /** No bearer token. */
  security: [],
  parameters: [
    header(timestamp, 'When the request was signed, in Unix seconds; at most five minutes from now.', '^\\d{1,12}$'),
    header(
      signature,
      'HMAC-SHA256 of `<timestamp>.<body>` with the shared secret, in hex.',
      '^(sha256=)?[0-9a-fA-F]{64}$',
    ),
  ],
});

const header = (name: string, description: string, pattern: string) => ({
  in: 'header' as const,
  name,
  required: true,
  description,
  schema: { type: 'string' as const, pattern },
});
