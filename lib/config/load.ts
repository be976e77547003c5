import type { z } from 'zod';

/** EX_CONFIG of sysexits: a restart does not help, the configuration must be changed. */
const configurationError = 78;

/**
 * Reads the configuration of a process from environment variables. An empty variable counts as not set. When it is
 * invalid, every problem is printed (the variable and what is wrong, never a value) and the process exits with 78.
 * @example const config = loadConfig(z.object({ PORT: z.coerce.number().int().default(3000) }));
 */
export function loadConfig<T extends z.ZodType>(schema: T, env: NodeJS.ProcessEnv = process.env): z.infer<T> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message, code }) => {
    const variable = path.join('.') || '(environment)';
    const absent = code !== 'custom' && given[variable] === undefined;
    return `${variable}: ${absent ? 'is not set' : message}`;
  });
  return refuseToStart('The configuration is not valid', problems);
}

/** Prints the problems, one per line, and exits with 78. */
export function refuseToStart(what: string, problems: readonly string[]): never {
  process.stderr.write(`${what}:\n${problems.map((problem) => `  ${problem}\n`).join('')}`);
  process.exit(configurationError);
}
