import { z } from 'zod';

/**
 * The schema with which readers parse data written with this schema: the same, but unknown fields are accepted at any
 * depth, and left out of the result.
 */
export function readerOf(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodObject) {
    const shape = Object.fromEntries(
      Object.entries(schema.shape as Record<string, z.ZodType>).map(([name, field]) => [name, readerOf(field)]),
    );
    // Without a catch-all, zod strips unknown fields; the object's own checks stay.
    return z.clone(schema, { ...schema.def, shape, catchall: undefined });
  }
  if (schema instanceof z.ZodArray)
    return z.clone(schema, { ...schema.def, element: readerOf(schema.element as z.ZodType) });
  if (schema instanceof z.ZodOptional)
    return z.clone(schema, { ...schema.def, innerType: readerOf(schema.def.innerType as z.ZodType) });
  if (schema instanceof z.ZodNullable)
    return z.clone(schema, { ...schema.def, innerType: readerOf(schema.def.innerType as z.ZodType) });
  if (schema instanceof z.ZodRecord)
    return z.clone(schema, { ...schema.def, valueType: readerOf(schema.def.valueType as z.ZodType) });
  if (schema instanceof z.ZodUnion)
    return z.clone(schema, {
      ...schema.def,
      options: (schema.def.options as z.ZodType[]).map((option) => readerOf(option)),
    });
  return schema;
}
