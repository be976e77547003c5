import { createHash } from 'node:crypto';

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
