import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What is not in the repository: installed, built, or data of a local stack. */
const untracked = new Set(['.git', 'node_modules', 'dist', '.sagaworks', 'coverage']);

/** The files below a directory. It walks instead of asking git, so that it also works in a copy that is no repository. */
export function sourceFiles(directory = '.'): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return untracked.has(entry.name) ? [] : sourceFiles(path);
    return entry.isFile() ? [path] : [];
  });
}
