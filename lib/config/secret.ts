import { z } from 'zod';

const secrets = z.registry<{ secret: true }>();

/**
 * Marks a setting as a secret: it is also read from the file that `<NAME>_FILE` names, and may be replaced while the
 * process runs. Mark the innermost schema, so that the mark is found whatever is added to it (`.optional()`).
 * @example NOTES_DATABASE_URL: secret(z.url()).optional()
 */
export function secret<Schema extends z.ZodType>(schema: Schema): Schema {
  secrets.add(schema, { secret: true });
  return schema;
}

/** The names of the settings that are secrets. */
export const secretNames = (shape: z.ZodRawShape): string[] =>
  Object.entries(shape).flatMap(([name, schema]) => (isSecret(schema) ? [name] : []));

function isSecret(schema: z.core.$ZodType): boolean {
  if (secrets.has(schema)) return true;
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return isSecret(schema.def.innerType);
  return false;
}
