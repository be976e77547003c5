import { createHmac, timingSafeEqual } from 'node:crypto';
import { platformError } from '../errors/errors';

/** A signed request: its body, the time of signing, and the signature. */
export interface SignedMessage {
  /** Unix seconds, as text: exactly what the signature covers. */
  timestamp: string;
  /** In hex, with or without `sha256=` in front. */
  signature: string;
  /** The body as sent, byte for byte. */
  body: string | Uint8Array;
}

/** How far the timestamp may be from now; an older message may be a replay. */
const windowSeconds = 5 * 60;
const wellFormed = /^(?:sha256=)?([0-9a-f]{64})$/i;

/**
 * The signature of a message: HMAC-SHA256 over `<timestamp>.<body>`, in hex.
 * @example sign(secret, '1767225600', '{"noteId":"…","status":"read"}');
 */
export const sign = (secret: string, timestamp: string, body: string | Uint8Array): string =>
  digest(secret, timestamp, body).toString('hex');

/**
 * @param secrets any of them: during a rotation, the old one and the new one.
 * @throws `signature-invalid` for a message that was signed with none of the secrets, or more than five minutes from
 * `now`.
 */
export function verifySignature(
  secrets: readonly string[],
  { timestamp, signature, body }: SignedMessage,
  now: Date,
): void {
  const [, hex = ''] = wellFormed.exec(signature) ?? [];
  const given = Buffer.from(hex, 'hex');
  // Both have 32 bytes; the comparison takes constant time, and no secret is left out.
  const matches = secrets.map((secret) => hex !== '' && timingSafeEqual(given, digest(secret, timestamp, body)));
  if (!matches.includes(true))
    throw platformError('signature-invalid', 'The signature does not match the timestamp and the body');
  // Only a sender that knows the secret learns that the signature was right but the time was not.
  const seconds = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : NaN;
  if (!(Math.abs(now.getTime() / 1000 - seconds) <= windowSeconds))
    throw platformError('signature-invalid', `The timestamp must be in Unix seconds, within ${windowSeconds} s of now`);
}

const digest = (secret: string, timestamp: string, body: string | Uint8Array): Buffer =>
  createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest();
