/** The part of JSON Schema that the OpenAPI document uses. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  const?: unknown;
  minimum?: number;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
}

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: Schema;
}

/** One route, as the document describes it. */
export interface Operation {
  /** `POST /orders` */
  name: string;
  method: string;
  path: string;
  parameters: Parameter[];
  body?: Schema;
  responses: string[];
  /** Whether it wants a bearer token. */
  isSecured: boolean;
  /** The scope that its bearer must have. */
  scope?: string;
}

interface Described {
  parameters?: Parameter[];
  requestBody?: { content: { 'application/json': { schema: Schema } } };
  responses: Record<string, unknown>;
  security?: Record<string, string[]>[];
}

/** A value of the document with what its references stand for; no schema of a request contains itself. */
function resolved<T>(value: T, document: Record<string, unknown>): T {
  if (Array.isArray(value)) return value.map((member: unknown) => resolved(member, document)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const { $ref, ...rest } = value as Record<string, unknown>;
  if (typeof $ref === 'string') {
    const steps = $ref.slice('#/'.length).split('/');
    const target = steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], document);
    return resolved({ ...(target as object), ...rest } as T, document);
  }
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, resolved(member, document)])) as T;
}

/** Every route of an OpenAPI document. */
export function operationsOf(document: Record<string, unknown>): Operation[] {
  const described = document['paths'] as Record<string, Record<string, Described>>;
  const paths = Object.entries(resolved(described, document));
  return paths.flatMap(([path, methods]) =>
    Object.entries(methods).map(([verb, { parameters = [], requestBody, responses, security }]) => ({
      name: `${verb.toUpperCase()} ${path}`,
      method: verb.toUpperCase(),
      path,
      parameters,
      ...(requestBody ? { body: requestBody.content['application/json'].schema } : {}),
      responses: Object.keys(responses),
      isSecured: security?.length !== 0,
      ...(security?.[0]?.['bearer']?.[0] === undefined ? {} : { scope: security[0]['bearer'][0] }),
    })),
  );
}

/** Where a value stands in a body: `['items', 0, 'sku']`. */
export type Place = readonly (string | number)[];

/** Every value in a body that is no object or array of known shape, with its schema. */
export function leavesOf(schema: Schema, place: Place = []): { place: Place; schema: Schema }[] {
  if (schema.properties)
    return Object.entries(schema.properties).flatMap(([name, member]) => leavesOf(member, [...place, name]));
  if (schema.items) return leavesOf(schema.items, [...place, 0]);
  return [{ place, schema }];
}

/** A body with each of these values in its place. */
export function bodyOf(values: readonly { place: Place; value: unknown }[]): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const { place, value } of values) {
    let here: Record<string | number, unknown> = root;
    for (const [index, key] of place.entries()) {
      const next = place[index + 1];
      if (next === undefined) here[key] = value;
      else here = (here[key] ??= typeof next === 'number' ? [] : {}) as Record<string | number, unknown>;
    }
  }
  return root;
}
