import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The name of the file in a stack's directory. */
export const environmentFile = 'environment.json';

/** Keeps what the platform's processes need in their environment, readable for its owner only: it holds secrets. */
export function keepEnvironment(directory: string, variables: Record<string, string>): void {
  writeFileSync(join(directory, environmentFile), `${JSON.stringify(variables, undefined, 2)}\n`, { mode: 0o600 });
}

/** What was kept, and in which file; undefined where no stack was started yet. */
export function readEnvironment(directory: string): { file: string; variables: Record<string, string> } | undefined {
  const file = join(directory, environmentFile);
  if (!existsSync(file)) return undefined;
  return { file, variables: JSON.parse(readFileSync(file, 'utf8')) as Record<string, string> };
}
