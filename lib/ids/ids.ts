import { z } from 'zod';
import { createHash, hash } from 'node:crypto';

/** An id of this platform, in lower case. New ones are UUIDv7 (RFC 9562): they sort by time, so indexes stay dense. */
export const id = z.uuid();

/**
 * An id in a request. RFC 9562 requires both cases to be accepted; ids are compared as text (streams, workflow ids,
 * owners), so every boundary converts them to lower case. Published and stored data has `id`.
 */
export const anyCaseId = z.uuid().toLowerCase();

/** Whether text is an id of this platform. */
export const isId = (text: string): boolean => id.safeParse(text).success;

/** Text that may be an id, such as an idempotency key: a UUID in lower case, anything else as it is. */
export const normalizeId = (text: string): string => anyCaseId.safeParse(text).data ?? text;

/** An id below all that are created at this time or later, so that a range of times is a range of ids. */
export function firstIdAt(time: Date): string {
  const hex = Math.max(time.getTime(), 0).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`;
}

/**
 * An id derived from another one: the same at every attempt, so that a retry refers to the same thing.
 * It has the form of a UUIDv7 with the time of the other id, so that it sorts with it.
 * @example const pageId = derivedId(noteId, 'page');
 */
export function derivedId(of: string, role: string): string {
  const time = of.slice(0, 13);
  const hash = createHash('sha256').update(`${role} of ${of}`).digest('hex');
  const variant = '89ab'.charAt(parseInt(hash.charAt(3), 16) % 4);
  return `${time}-7${hash.slice(0, 3)}-${variant}${hash.slice(4, 7)}-${hash.slice(7, 19)}`;
}

/** What identifies a request by its content: a hash that does not depend on the order of its fields. */
export const hashRequest = (request: unknown): string =>
  hash('sha256', JSON.stringify([withSortedKeys(request)]), 'base64url');

/** A sorted copy: a replacer of `JSON.stringify` takes twice as long. */
function withSortedKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return value;
  if (Array.isArray(value)) return value.map(withSortedKeys);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, withSortedKeys(member)]));
}
