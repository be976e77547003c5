import { randomUUID } from 'node:crypto';
import { carrierHeaders } from '../../contracts/http/shipments';
import { sign } from '../../lib/http/signature';
import { bodyOf, leavesOf, type Operation, type Place, type Schema } from './openapi';

/** A request to a route: as it should be, but for what is given instead. */
export interface Instead {
  /** By name, for path and query; as they stand in the URL. */
  parameters?: Record<string, string>;
  /** The body's text. */
  body?: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
}

export interface Answered {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

/** A value, and where it stands in a body. */
export interface Replaced {
  place: Place;
  value: unknown;
}

/** Asks any route of an OpenAPI document. */
export interface RouteRequests {
  ask(operation: Operation, instead?: Instead): Promise<Answered>;
  /** The body of a request, with these values in their places. */
  bodyWith(operation: Operation, instead?: readonly Replaced[]): string;
  /** What a parameter or field of this name is asked with. @throws when it is an id without an example. */
  sampleOf(name: string, schema: Schema): unknown;
}

export interface RouteRequestOptions {
  url: string;
  /** Of an operator. */
  token: string;
  carrierSecret: string;
  /** What there is, by the name of the parameter or field that asks for it. */
  known: Readonly<Record<string, string>>;
}

/** Bodies whose fields exclude each other. */
const fields: Record<string, readonly string[]> = {
  'POST /ops/outbox/replay': ['service', 'position', 'queue'],
  'POST /ops/dead-letters/discard': ['queue', 'ids'],
};

export const nameOf = (place: Place): string => String([...place].reverse().find((part) => typeof part === 'string'));

export function createRouteRequests({ url, token, carrierSecret, known }: RouteRequestOptions): RouteRequests {
  async function ask(operation: Operation, { parameters = {}, body, headers = {} }: Instead = {}): Promise<Answered> {
    const { method, path, isSecured } = operation;
    const query = new Map<string, string>();
    let target = path;
    for (const { name, in: where, required: isNeeded = false, schema } of operation.parameters) {
      const value = parameters[name] ?? encodeURIComponent(String(sampleOf(name, schema)));
      if (where === 'path') target = target.replace(`{${name}}`, value);
      else if (where === 'query' && (isNeeded || name in parameters)) query.set(name, value);
    }
    const search = [...query].map(([name, value]) => `${name}=${value}`).join('&');
    const sent = body ?? (operation.body && bodyWith(operation));
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const proof = isSecured
      ? { authorization: `Bearer ${token}` }
      : {
          [carrierHeaders.timestamp]: timestamp,
          [carrierHeaders.signature]: sign(carrierSecret, timestamp, sent ?? ''),
        };
    const leaving = new AbortController();
    const response = await fetch(`${url}${target}${search === '' ? '' : `?${search}`}`, {
      method,
      headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID(), ...proof, ...headers },
      ...(sent === undefined ? {} : { body: sent }),
      signal: leaving.signal,
    });
    // A live stream has no end.
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    const read = isJson ? ((await response.json()) as Answered['body']) : {};
    leaving.abort();
    return { status: response.status, headers: response.headers, body: read };
  }

  function sampleBody({ name, body = {} }: Operation) {
    const wanted = leavesOf(body).filter(({ place: [field] }) => fields[name]?.includes(String(field)) ?? true);
    return wanted.map(({ place, schema }) => ({ place, value: sampleOf(nameOf(place), schema) }));
  }

  function sampleOf(name: string, schema: Schema): unknown {
    const [type] = [schema.type ?? []].flat();
    const value = known[name];
    if (value !== undefined) return type === 'integer' ? Number(value) : value;
    if (schema.format === 'uuid') throw new Error(`There is no example of "${name}": add one to the test`);
    if (schema.enum) return schema.enum[0];
    if (schema.anyOf?.[0]) return sampleOf(name, schema.anyOf[0]);
    if (schema.format === 'email') return `${randomUUID()}@example.com`;
    if (schema.format === 'date-time' || schema.format === 'date') return '2026-01-31T00:00:00Z';
    if (type === 'integer' || type === 'number') return Math.max(schema.minimum ?? 1, 1);
    if (type === 'boolean') return true;
    if (type === 'string') return `text-${randomUUID()}`.slice(0, 20);
    return {};
  }

  function bodyWith(operation: Operation, instead: readonly Replaced[] = []): string {
    return JSON.stringify(bodyOf([...sampleBody(operation), ...instead]));
  }

  return { ask, bodyWith, sampleOf };
}
