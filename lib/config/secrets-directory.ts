import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileVariable } from './secret-files';

/** The variable that names a folder of secrets. */
const directoryVariable = 'SECRETS_DIRECTORY';

/**
 * The environment, with `<NAME>_FILE` for every file `NAME` of the folders that `SECRETS_DIRECTORY` names (several are
 * separated by colons): one setting for all secrets, as a Kubernetes secret or a Docker volume is mounted. What the
 * environment sets itself stays.
 * @throws Error, in a sentence, when a folder cannot be read.
 */
export function withSecretsDirectory(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const directories = env[directoryVariable]?.split(':').filter(Boolean) ?? [];
  if (directories.length === 0) return env;
  const files = directories.flatMap((directory) =>
    namesIn(directory).map((name) => [name, join(directory, name)] as const),
  );
  const own = files.filter(([name]) => !env[name] && !env[fileVariable(name)]);
  return { ...env, ...Object.fromEntries(own.map(([name, file]) => [fileVariable(name), file])) };
}

/** The files that are named like settings; Kubernetes keeps folders of its own beside them. */
function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => /^[A-Z][A-Z0-9_]*$/.test(name));
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new Error(`${directoryVariable}: ${directory} cannot be read (${reason})`, { cause: error });
  }
}
