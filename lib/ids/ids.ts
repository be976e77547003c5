import { z } from 'zod';

/** Ids that we make are UUIDv7: they sort by time, so indexes stay dense (RFC 9562). They are written in lower case. */
export const id = z.uuid();

/**
 * An id in a request. RFC 9562 asks to accept both cases; ids are compared as text (streams, workflow ids, owners), so
 * every boundary takes the id in lower case. What is published or stored has `id`.
 */
export const anyCaseId = z.uuid().toLowerCase();

/** Text that may be an id, such as an idempotency key: a UUID in lower case, anything else as it is. */
export const normalizeId = (text: string): string => anyCaseId.safeParse(text).data ?? text;

/** An id below all that are made at this time or later, so that a range of times is a range of ids. */
export function firstIdAt(time: Date): string {
  const hex = Math.max(time.getTime(), 0).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`;
}
