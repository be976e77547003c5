import { z } from 'zod';
import type { EventContract } from './events/define';
import { exchanges } from './events';

/** A JSON Schema as data. */
export type JsonSchema = Record<string, unknown>;

/** One version of one event, as people in other languages read it. */
export interface PublishedSchema {
  type: string;
  version: number;
  schema: JsonSchema;
}

/** The JSON Schema (2020-12) of every version of every event, the oldest first. */
export const publishedSchemas = (): PublishedSchema[] =>
  Object.values(exchanges).flatMap(({ events }) => (events as readonly EventContract[]).flatMap(schemasOf));

const schemasOf = ({ type, schemas }: EventContract): PublishedSchema[] =>
  schemas.map((schema, index) => ({
    type,
    version: index + 1,
    schema: { title: `${type} version ${index + 1}`, ...(z.toJSONSchema(schema) as JsonSchema) },
  }));
