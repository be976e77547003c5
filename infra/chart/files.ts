import { format, resolveConfig } from 'prettier';
import { z } from 'zod';
import { platformFacts } from './roles';
import { valuesSchema } from './values';

const chart = 'infra/helm/sagaworks';

/** The files of the chart that follow from the modules, by path. */
export async function generatedFiles(): Promise<Map<string, string>> {
  const schema = z.toJSONSchema(valuesSchema(), { target: 'draft-7' });
  const files: [string, unknown][] = [
    [`${chart}/files/platform.json`, platformFacts()],
    [`${chart}/values.schema.json`, withoutRequired(schema)],
  ];
  return new Map(await Promise.all(files.map(async ([path, value]) => [path, await formatted(path, value)] as const)));
}

async function formatted(path: string, value: unknown): Promise<string> {
  return format(JSON.stringify(value), { ...(await resolveConfig(path)), filepath: path });
}

/** Whoever sets a value to null removes its default: then the templates, not the schema, say what is missing. */
function withoutRequired(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutRequired);
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = Object.entries(schema).filter(([name, value]) => name !== 'required' || !Array.isArray(value));
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutRequired(value)]));
}
