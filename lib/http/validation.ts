import type { Hook } from '@hono/zod-openapi';
import type { z } from 'zod';
import { fail, type PlatformError } from '../errors/errors';
import type { AppEnv } from './env';

type Path = readonly PropertyKey[];

interface Fault {
  field: string;
  message: string;
}

/** Neither can be stored as PostgreSQL text: NUL, half a surrogate pair, and the mark that invalid UTF-8 leaves behind. */
const notText = /[\0\uFFFD\p{Surrogate}]/u;
/** Far deeper than any request; what is freely shaped (`data`, `result`) is walked by functions that call themselves. */
const deepest = 32;
/** How many faults a problem names: more than are fixed at once, and no answer many times as long as its request. */
const maxFaults = 20;

/**
 * Runs after every schema of a route, for body, query and path.
 * @throws `invalid-request` with the first field at fault, and the first twenty faults in `errors`.
 */
export const refuseInvalid: Hook<unknown, AppEnv, string, void> = (result) => {
  const errors = result.success ? unstorable(result.data) : result.error.issues.flatMap(faults);
  if (errors.length > 0) throw invalid(errors);
};

/** `invalid-request` for the part of a request at `field` whose schema is known only when it is acted upon. */
export const invalidField = (field: string, { issues }: z.ZodError): PlatformError =>
  invalid(issues.flatMap((issue) => faults({ ...issue, path: [field, ...issue.path] })));

function invalid(errors: readonly Fault[]): PlatformError {
  const [{ field, message } = { field: '$', message: 'not valid' }] = errors;
  return fail('invalid-request', `${field}: ${message}`, { field, details: { errors: errors.slice(0, maxFaults) } });
}

/** What is wrong, field by field; unknown fields are named one by one. */
function faults(issue: z.core.$ZodIssue): Fault[] {
  if (issue.code !== 'unrecognized_keys') return [{ field: fieldOf(issue.path), message: issue.message }];
  return issue.keys.map((key) => ({ field: fieldOf([...issue.path, key]), message: 'There is no such field' }));
}

/** What no schema refuses where anything may stand: it could not be stored, or would come back as something else. */
function unstorable(value: unknown, path: Path = []): Fault[] {
  const fault = (message: string): Fault[] => [{ field: fieldOf(path), message }];
  if (typeof value === 'string') return notText.test(value) ? fault('NUL or text that is not valid Unicode') : [];
  if (typeof value === 'number') return Number.isFinite(value) ? [] : fault('A number that is too large');
  if (typeof value !== 'object' || value === null) return [];
  if (path.length === deepest) return fault(`Nested more than ${deepest} levels deep`);
  return Object.entries(value).flatMap(([key, member]) => {
    if (notText.test(key)) return fault('A field whose name has NUL or text that is not valid Unicode');
    return unstorable(member, [...path, Array.isArray(value) ? Number(key) : key]);
  });
}

/** `['items', 0, 'quantity']` as `items[0].quantity`; the whole value is `$`. */
const fieldOf = (path: Path): string =>
  path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '') || '$';
