import type { z } from 'zod';

/** EX_CONFIG of sysexits: a restart does not help, somebody must change the configuration. */
const configurationError = 78;

/**
 * The configuration of a process, from environment variables. An empty variable counts as absent.
 * When it is not valid, every problem is printed (the variable and what is wrong, never a value) and the process exits with 78.
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

/** Prints what is wrong, a problem a line, and exits with 78. */
export function refuseToStart(what: string, problems: readonly string[]): never {
  process.stderr.write(`${what}:\n${problems.map((problem) => `  ${problem}\n`).join('')}`);
  process.exit(configurationError);
}
