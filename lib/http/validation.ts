import type { Hook } from '@hono/zod-openapi';
import type { z } from 'zod';
import { fail } from '../errors/errors';
import type { AppEnv } from './env';

type Path = readonly PropertyKey[];

/** Neither can be stored as PostgreSQL text: NUL, half a surrogate pair, and the mark that invalid UTF-8 leaves behind. */
const notText = /[\0\uFFFD\p{Surrogate}]/u;

/**
 * Runs after every schema of a route, for body, query and path.
 * @throws `invalid-request` with the field at fault, and all faults in `errors`.
 */
export const refuseInvalid: Hook<unknown, AppEnv, string, void> = (result) => {
  const errors = result.success ? garbledText(result.data) : result.error.issues.flatMap(faults);
  const [first] = errors;
  if (first)
    throw fail('invalid-request', `${first.field}: ${first.message}`, { field: first.field, details: { errors } });
};

/** What is wrong, field by field; unknown fields are named one by one. */
function faults(issue: z.core.$ZodIssue): { field: string; message: string }[] {
  if (issue.code !== 'unrecognized_keys') return [{ field: fieldOf(issue.path), message: issue.message }];
  return issue.keys.map((key) => ({ field: fieldOf([...issue.path, key]), message: 'There is no such field' }));
}

function garbledText(value: unknown, path: Path = []): { field: string; message: string }[] {
  if (typeof value === 'string') {
    return notText.test(value) ? [{ field: fieldOf(path), message: 'NUL or text that is not valid Unicode' }] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    garbledText(member, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

/** `['items', 0, 'quantity']` as `items[0].quantity`; the whole value is `$`. */
const fieldOf = (path: Path): string =>
  path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '') || '$';
