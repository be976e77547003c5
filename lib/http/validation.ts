import type { Hook } from '@hono/zod-openapi';
import type { z } from 'zod';
import { bodyLimit } from 'hono/body-limit';
import { createMiddleware } from 'hono/factory';
import { platformError, type PlatformError } from '../errors/errors';
import type { AppEnv } from './env';

/**
 * Compressed bodies are refused: decompressing would need limits of its own against small bodies that grow large.
 * @throws `unsupported-content-encoding` for a body with a content encoding; the response names what is accepted.
 */
export const refuseEncodedBody = createMiddleware<AppEnv>((c, next) => {
  const encoding = c.req.header('content-encoding')?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return next();
  c.header('accept-encoding', 'identity');
  throw platformError('unsupported-content-encoding', 'Send the body uncompressed, without Content-Encoding');
});

/** @throws `body-too-large` for a body of more than `bytes`, with or without a Content-Length. */
export function limitBody(bytes: number) {
  const refuse = (): never => {
    throw platformError('body-too-large', `A body may have at most ${bytes} bytes`);
  };
  const counting = bodyLimit({ maxSize: bytes, onError: refuse });
  return createMiddleware<AppEnv>((c, next) => {
    const length = c.req.header('content-length');
    // Node's parser enforces the announced length; only a body without one must be counted.
    if (length !== undefined) return Number(length) > bytes ? refuse() : next();
    return c.req.method === 'GET' || c.req.method === 'HEAD' ? next() : counting(c, next);
  });
}

type Path = readonly PropertyKey[];

interface Fault {
  field: string;
  message: string;
}

/** What PostgreSQL cannot store as text: NUL and lone surrogates; and the replacement character of invalid UTF-8. */
const notText = /[\0\uFFFD\p{Surrogate}]/u;
/** Far deeper than any request; free-form fields (`data`, `result`) are walked recursively. */
const maxDepth = 32;
/** Faults in one problem: more than anyone fixes at once, and a response that is not many times the size of its request. */
const maxFaults = 20;

/**
 * Runs after every schema of a route, for body, query and path.
 * @throws `invalid-request` with the first invalid field, and up to twenty of them in `errors`.
 */
export const refuseInvalid: Hook<unknown, AppEnv, string, void> = (result) => {
  if (!result.success) throw invalid(result.error.issues.flatMap(faults));
  if (!isStorable(result.data)) throw invalid(unstorable(result.data));
};

/** `invalid-request` for a part of a request whose schema is known only when it is processed. */
export const invalidField = (field: string, { issues }: z.ZodError): PlatformError =>
  invalid(issues.flatMap((issue) => faults({ ...issue, path: [field, ...issue.path] })));

function invalid(errors: readonly Fault[]): PlatformError {
  const [{ field, message } = { field: '$', message: 'not valid' }] = errors;
  return platformError('invalid-request', `${field}: ${message}`, {
    field,
    details: { errors: errors.slice(0, maxFaults) },
  });
}

/** The faults, field by field; unknown fields are listed one by one. */
function faults(issue: z.core.$ZodIssue): Fault[] {
  if (issue.code !== 'unrecognized_keys') return [{ field: fieldOf(issue.path), message: issue.message }];
  return issue.keys.map((key) => ({ field: fieldOf([...issue.path, key]), message: 'Unknown field' }));
}

/** Whether `unstorable` finds no fault, without keeping account of where it looks: nearly every request has none. */
function isStorable(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return !notText.test(value);
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth === maxDepth) return false;
  if (Array.isArray(value)) return value.every((member) => isStorable(member, depth + 1));
  return Object.entries(value).every(([key, member]) => !notText.test(key) && isStorable(member, depth + 1));
}

/** Faults that schemas of free-form fields do not find: values that could not be stored, or not unchanged. */
function unstorable(value: unknown, path: Path = []): Fault[] {
  const fault = (message: string): Fault[] => [{ field: fieldOf(path), message }];
  if (typeof value === 'string') return notText.test(value) ? fault('Contains NUL or invalid Unicode') : [];
  if (typeof value === 'number') return Number.isFinite(value) ? [] : fault('The number is too large');
  if (typeof value !== 'object' || value === null) return [];
  if (path.length === maxDepth) return fault(`Nested more than ${maxDepth} levels deep`);
  return Object.entries(value).flatMap(([key, member]) => {
    if (notText.test(key)) return fault('A field name contains NUL or invalid Unicode');
    return unstorable(member, [...path, Array.isArray(value) ? Number(key) : key]);
  });
}

/** `['items', 0, 'quantity']` as `items[0].quantity`; the whole value is `$`. */
const fieldOf = (path: Path): string =>
  path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '') || '$';
