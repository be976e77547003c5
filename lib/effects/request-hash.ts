import { createHash } from 'node:crypto';

/** A hash of a request that does not depend on the order of its fields. */
export const hashRequest = (request: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify([request], withSortedKeys))
    .digest('base64url');

const withSortedKeys = (_key: string, value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
