import { OpenAPIHono } from '@hono/zod-openapi';
import type { z } from 'zod';
import { annotationsOf, fingerprint, mapSchema, type Schema } from './schema';

/** Gives every object of a document one name. */
export interface SchemaNames {
  /** The schema with references to named ones; an object that has no name gets this one. @throws Error when it is taken. */
  refer(schema: Schema, name: string): Schema;
  /** The named schemas that were referred to, for `components`. */
  used(): Record<string, Schema>;
}

const prefix = '#/components/schemas/';
export const nameOfRef = (ref: string): string => ref.slice(prefix.length);

/** The name of a part: of a list in `NotesPages` a `NotesPage`, of an object in the field `cover` of a `Note` a `NoteCover`. */
function partName(name: string, step: string): string {
  if (step === 'item' && name.endsWith('s')) return name.slice(0, -1);
  return `${name}${step.charAt(0).toUpperCase()}${step.slice(1)}`;
}

/**
 * @param chosen the schemas whose name is chosen; two that accept the same are an error, because the document could say
 * only one of the names.
 * @param components schemas that the generator of the document has named already.
 */
export function createSchemaNames(
  chosen: Readonly<Record<string, z.ZodType>>,
  components: Readonly<Record<string, Schema>>,
): SchemaNames {
  const names = new Map<string, string>();
  const known = new Map<string, Schema>();
  const used: Record<string, Schema> = {};

  const learn = (name: string, schema: Schema): void => {
    const key = fingerprint(schema);
    const other = names.get(key);
    if (other !== undefined) throw new Error(`The schemas ${other} and ${name} are the same; keep one name`);
    if (known.has(name))
      throw new Error(`Two schemas are named ${name}; name one of them in the description of the API`);
    names.set(key, name);
    known.set(name, schema);
  };

  for (const [name, schema] of Object.entries(components)) learn(name, schema);
  for (const [name, schema] of Object.entries(generate(chosen))) learn(name, schema);

  /** Registers what a reference leads to, before its parts, so that a schema may refer to itself. */
  function use(name: string): void {
    if (name in used) return;
    const schema = known.get(name) ?? {};
    used[name] = {};
    used[name] = mapSchema(schema, (part, step) => refer(part, partName(name, step)));
  }

  function refer(schema: Schema, name: string): Schema {
    if (schema.$ref !== undefined) {
      use(nameOfRef(schema.$ref));
      return schema;
    }
    const key = fingerprint(schema);
    if (!names.has(key) && schema.properties !== undefined) learn(name, schema);
    const found = names.get(key);
    if (found === undefined) return mapSchema(schema, (part, step) => refer(part, partName(name, step)));
    use(found);
    return { $ref: `${prefix}${found}`, ...annotationsOf(schema) };
  }

  return {
    refer,
    used: () => Object.fromEntries(Object.entries(used).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** What the generator of the document makes of schemas, without references among them. */
function generate(schemas: Readonly<Record<string, z.ZodType>>): Record<string, Schema> {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => {
      const alone = new OpenAPIHono();
      // A schema that was made before the generator was loaded lacks what the generator adds to schemas; its clone has it.
      alone.openAPIRegistry.register(name, schema.clone());
      const { components = {} } = alone.getOpenAPI31Document({ openapi: '3.1.0', info: { title: '', version: '' } });
      return [name, (components.schemas?.[name] ?? {}) as Schema];
    }),
  );
}
