import type { Schema } from './schema';

interface Header {
  description: string;
  schema: Schema;
}
export interface Response {
  $ref?: string;
  description: string;
  headers?: Record<string, unknown>;
  content?: Record<string, { schema?: Schema; [keyword: string]: unknown }>;
}

/** The headers of responses, by name. */
export const headers: Record<string, Header> = {
  'X-Correlation-Id': {
    description: "The request's own `X-Correlation-Id`, or a new one: quote it when you report a problem",
    schema: { type: 'string' },
  },
  RateLimit: {
    description: 'The requests that are left (`r`) in the window, and the seconds until it ends (`t`)',
    schema: { type: 'string', examples: ['"write";r=99;t=60'] },
  },
  'RateLimit-Policy': {
    description: 'The requests that are allowed (`q`) in a window of so many seconds (`w`)',
    schema: { type: 'string', examples: ['"write";q=100;w=60'] },
  },
  'Retry-After': { description: 'In how many seconds to try again', schema: { type: 'integer', minimum: 1 } },
  'WWW-Authenticate': { description: 'How to authenticate', schema: { type: 'string' } },
  'Accept-Encoding': {
    description: 'Which encodings of a body are accepted, when the request had another one',
    schema: { type: 'string' },
  },
};

const common = ['X-Correlation-Id'];
/** Absent where no limit is configured. */
const limited = [...common, 'RateLimit', 'RateLimit-Policy'];

interface Refusal {
  name: string;
  description: string;
  headers?: readonly string[];
}

/** The error responses of operations by status, all of them problems (RFC 9457). A 405 belongs to no operation. */
export const refusals: Readonly<Record<number, Refusal>> = {
  400: { name: 'BadRequest', description: 'The request does not conform to its schema; `errors` lists the fields' },
  401: { name: 'Unauthorized', description: 'No valid token or signature', headers: ['WWW-Authenticate'] },
  403: { name: 'Forbidden', description: 'The token does not allow this' },
  404: { name: 'NotFound', description: 'It does not exist, or belongs to somebody else' },
  409: { name: 'Conflict', description: 'The current state does not allow this, or something else has the identifier' },
  413: { name: 'ContentTooLarge', description: 'The body is larger than 256 KiB' },
  415: {
    name: 'UnsupportedMediaType',
    description: 'The body is not JSON, or is compressed',
    headers: ['Accept-Encoding'],
  },
  422: { name: 'UnprocessableContent', description: 'The `Idempotency-Key` was used for another request' },
  429: { name: 'TooManyRequests', description: 'A rate limit is exceeded', headers: ['Retry-After'] },
  503: {
    name: 'ServiceUnavailable',
    description: 'Overloaded, or something that is needed is unavailable',
    headers: ['Retry-After'],
  },
};

const references = (names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** The error responses, for `components`. */
export const refusalComponents = (): Record<string, Response> =>
  Object.fromEntries(
    Object.entries(refusals).map(([status, { name, description, headers: own = [] }]) => [
      name,
      {
        description,
        headers: references([...(status === '503' ? common : limited), ...own]),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );

/** Every route may refuse like this, because the limits on callers and on load are not its own. */
const everywhere = ['429', '503'];

/** The responses of an operation: what it declares, with the common headers, and what may happen everywhere. */
export function completeResponses(declared: Readonly<Record<string, Response>>): Record<string, Response> {
  const statuses = [...new Set([...Object.keys(declared), ...everywhere])].sort();
  return Object.fromEntries(
    statuses.map((status) => {
      const refusal = refusals[Number(status)];
      if (refusal) return [status, { $ref: `#/components/responses/${refusal.name}` } as Response];
      const response = declared[status] ?? { description: '' };
      return [status, { ...response, headers: { ...references(limited), ...response.headers } }];
    }),
  );
}
