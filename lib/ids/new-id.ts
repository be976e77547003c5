import { v7 as uuidv7 } from 'uuid';
import { randomBytes } from './random-bytes';

/** Makes new ids: UUIDv7 (RFC 9562). Each is greater than the one before, also within a millisecond. */
export function createIds({ now = Date.now, random = randomBytes } = {}): () => string {
  let last = { msecs: -Infinity, seq: 0 };
  return () => {
    const bytes = random(16);
    const msecs = now();
    // 31 random bits of 32, so that more than two thousand million ids follow in the same millisecond.
    last = msecs > last.msecs ? { msecs, seq: bytes.readUInt32BE(6) >>> 1 } : { ...last, seq: last.seq + 1 };
    return uuidv7({ random: bytes, ...last });
  };
}

/** A new id. */
export const newId = createIds();
