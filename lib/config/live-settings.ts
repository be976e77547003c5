import { z } from 'zod';
import { fixed, type Live } from './live';
import type { Reloader } from './reload';
import { secretNames } from './secret';
import { fileVariable, readSecretFile } from './secret-files';

/** The settings of a process as values that may change: secrets from files do, all others never. */
export type LiveSettings<Config> = <Name extends keyof Config & string>(name: Name) => Live<Config[Name]>;

/**
 * @param schema with which `config` was parsed from `env`; an object, whose secrets are marked with `secret`.
 */
export function liveSettings<Config extends object>(
  schema: z.ZodType<Config>,
  { env, config, reloader }: { env: NodeJS.ProcessEnv; config: Config; reloader: Pick<Reloader, 'follow'> },
): LiveSettings<Config> {
  const shape = schema instanceof z.ZodObject ? (schema.shape as z.ZodRawShape) : {};
  const secrets = new Set(secretNames(shape));
  const known = new Map<string, Live<unknown>>();

  function create(name: keyof Config & string): Live<unknown> {
    const file = env[fileVariable(name)];
    const field = shape[name];
    if (!file || !field || !secrets.has(name)) return fixed(config[name]);
    return reloader.follow({ name, read: () => readSecretFile(file), parse: (content) => parseField(field, content) });
  }

  return (name) => {
    const live = known.get(name) ?? create(name);
    known.set(name, live);
    // Parsed with the schema of this very setting.
    return live as Live<Config[typeof name]>;
  };
}

function parseField(field: z.core.$ZodType, content: string): unknown {
  const parsed = z.safeParse(field, content);
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues.map(({ message }) => message).join('; '));
}
