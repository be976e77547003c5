/** A JSON Schema of the OpenAPI document, as far as it is rewritten. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  pattern?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  additionalProperties?: Schema | boolean;
  [keyword: string]: unknown;
}

/** Keywords that say something about the place where a schema stands, not about what it accepts. */
const annotations = new Set(['description', 'default', 'example', 'examples', 'title']);

/** The same text for schemas that accept the same, whatever they say about the place where they stand. */
export const fingerprint = (schema: Schema): string =>
  JSON.stringify(sorted(Object.fromEntries(Object.entries(schema).filter(([keyword]) => !annotations.has(keyword)))));

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]));
}

/** The annotations of a schema: what may stand beside `$ref`. */
export const annotationsOf = (schema: Schema): Schema =>
  Object.fromEntries(Object.entries(schema).filter(([keyword]) => annotations.has(keyword)));

/**
 * A pattern that other languages read as JavaScript does. The generator leaves the flags of a regular expression at its
 * end, and not all have Unicode classes.
 */
export const portablePattern = (pattern: string): string =>
  pattern.replace(/\$\/[a-z]+$/, '$').replaceAll('\\p{Cc}', '\\u0000-\\u001f\\u007f-\\u009f');

/** A schema whose direct subschemas are replaced; `step` says where each stands. */
export function mapSchema(schema: Schema, replace: (part: Schema, step: string) => Schema): Schema {
  const { properties, items, additionalProperties } = schema;
  const branches = (['anyOf', 'oneOf', 'allOf'] as const).flatMap((keyword) => {
    const parts = schema[keyword];
    return parts ? [[keyword, parts.map((part, index) => replace(part, `Variant${index + 1}`))] as const] : [];
  });
  return {
    ...schema,
    ...(schema.pattern === undefined ? {} : { pattern: portablePattern(schema.pattern) }),
    ...(properties
      ? {
          properties: Object.fromEntries(Object.entries(properties).map(([key, part]) => [key, replace(part, key)])),
        }
      : {}),
    ...(items ? { items: replace(items, 'item') } : {}),
    ...(typeof additionalProperties === 'object'
      ? { additionalProperties: replace(additionalProperties, 'value') }
      : {}),
    ...Object.fromEntries(branches),
  };
}
