import { z } from 'zod';
import { secretNames } from './secret';
import { readSecretFiles } from './secret-files';

/** EX_CONFIG of sysexits: a restart does not help, the configuration must be changed. */
const configurationError = 78;

/**
 * Reads the configuration of a process from environment variables, and its secrets also from files (`<NAME>_FILE`). An
 * empty variable counts as not set. When it is invalid, every problem is printed (the variable and what is wrong, never a
 * value) and the process exits with 78.
 * @example const config = loadConfig(z.object({ PORT: z.coerce.number().int().default(3000) }));
 */
export function loadConfig<T extends z.ZodType>(schema: T, env: NodeJS.ProcessEnv = process.env): z.infer<T> {
  const { config, problems } = readConfig(schema, env);
  return problems.length === 0 ? (config as z.infer<T>) : refuseToStart('The configuration is not valid', problems);
}

/** Reads the configuration as `loadConfig` does, and returns its problems; without any, there is a configuration. */
export function readConfig<T extends z.ZodType>(
  schema: T,
  env: NodeJS.ProcessEnv,
): { config?: z.infer<T>; problems: string[] } {
  const names = schema instanceof z.ZodObject ? secretNames(schema.shape) : [];
  const secrets = readSecretFiles(names, env);
  const given = Object.fromEntries(
    Object.entries({ ...env, ...secrets.values }).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(given);
  const problems = (parsed.error?.issues ?? []).flatMap(({ path, message, code }) => {
    const variable = path.join('.') || '(environment)';
    const absent = code !== 'custom' && given[variable] === undefined;
    // Its file could not be read, which is said already.
    if (absent && variable in secrets.files) return [];
    return [`${variable}: ${absent ? 'is not set' : message}`];
  });
  return { ...(parsed.success ? { config: parsed.data } : {}), problems: [...secrets.problems, ...problems] };
}

/** Prints the problems, one per line, and exits with 78. */
export function refuseToStart(what: string, problems: readonly string[]): never {
  process.stderr.write(`${what}:\n${problems.map((problem) => `  ${problem}\n`).join('')}`);
  process.exit(configurationError);
}
