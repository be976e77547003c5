import { z } from 'zod';

/** An id of this platform, in lower case. New ones are UUIDv7 (RFC 9562): they sort by time, so indexes stay dense. */
export const id = z.uuid();

/**
 * An id in a request. RFC 9562 requires both cases to be accepted; ids are compared as text (streams, workflow ids,
 * owners), so every boundary converts them to lower case. Published and stored data has `id`.
 */
export const anyCaseId = z.uuid().toLowerCase();

/** Text that may be an id, such as an idempotency key: a UUID in lower case, anything else as it is. */
export const normalizeId = (text: string): string => anyCaseId.safeParse(text).data ?? text;

/** An id below all that are created at this time or later, so that a range of times is a range of ids. */
export function firstIdAt(time: Date): string {
  const hex = Math.max(time.getTime(), 0).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`;
}
