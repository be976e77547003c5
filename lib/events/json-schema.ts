import { z } from 'zod';
import type { EventContract } from './define';

/** A JSON Schema as data. */
export type JsonSchema = Record<string, unknown>;

/** The JSON Schema of one version of an event, for consumers in other languages. */
export interface PublishedSchema {
  type: string;
  version: number;
  schema: JsonSchema;
}

/**
 * The JSON Schemas (2020-12) of what is written: every version of every event, the oldest first, without other fields.
 */
export const publishedSchemas = (events: readonly EventContract[]): PublishedSchema[] => events.flatMap(schemasOf);

/** The same for readers: unknown fields are accepted, so that a newer version can be read. */
export const readerSchemas = (events: readonly EventContract[]): PublishedSchema[] =>
  publishedSchemas(events).map(({ type, version, schema }) => ({
    type,
    version,
    schema: { ...forReaders(schema), title: `${type} version ${version}, for readers` },
  }));

const schemasOf = ({ type, schemas }: EventContract): PublishedSchema[] =>
  schemas.map((schema, index) => ({
    type,
    version: index + 1,
    schema: { title: `${type} version ${index + 1}`, ...(z.toJSONSchema(schema) as JsonSchema) },
  }));

/** A schema whose objects accept unknown fields, at any depth. */
const forReaders = (schema: JsonSchema): JsonSchema =>
  Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) =>
      keyword === 'additionalProperties' && value === false ? [keyword, true] : [keyword, opened(value)],
    ),
  );

const opened = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(opened);
  return typeof value === 'object' && value !== null ? forReaders(value as JsonSchema) : value;
};
