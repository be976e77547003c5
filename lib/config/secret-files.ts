import { readFileSync } from 'node:fs';

/** What the environment says of secrets: their values, and sentences about what is wrong. */
export interface GivenSecrets {
  /** The values from files, by setting. */
  values: Record<string, string>;
  /** The files, by setting. */
  files: Record<string, string>;
  problems: string[];
}

/** The variable that names the file of a secret. */
export const fileVariable = (name: string): string => `${name}_FILE`;

/** Reads the secrets that the environment gives as files (`<NAME>_FILE`), as Docker and Kubernetes mount them. */
export function readSecretFiles(names: readonly string[], env: NodeJS.ProcessEnv): GivenSecrets {
  const given: GivenSecrets = { values: {}, files: {}, problems: [] };
  for (const name of names) {
    const file = env[fileVariable(name)];
    if (!file) continue;
    given.files[name] = file;
    if (env[name]) given.problems.push(`${name}: is set, and ${fileVariable(name)} as well; set one of them`);
    try {
      given.values[name] = readSecretFile(file);
    } catch (error) {
      given.problems.push(`${fileVariable(name)}: ${(error as Error).message}`);
    }
  }
  return given;
}

/** The content of a file without the newline at its end. @throws Error, in a sentence, when there is none. */
export function readSecretFile(file: string): string {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`, { cause: error });
  }
  const value = content.replace(/\r?\n$/, '');
  if (value === '') throw new Error(`${file} is empty`);
  return value;
}

/**
 * The value of a secret from the environment or its file; undefined when neither is set.
 * @throws Error when both are set, or the file cannot be read.
 */
export function secretIn(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const { values, problems } = readSecretFiles([name], env);
  if (problems.length > 0) throw new Error(problems.join('; '));
  return values[name] ?? (env[name] || undefined);
}
