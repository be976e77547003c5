import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { madeOf, runFolder } from './run-folder';

/** How Node runs a TypeScript file: which file, after which arguments of its own. */
export interface Program {
  file: string;
  execArgv: string[];
}

/**
 * A TypeScript file of this checkout as a program. In a run of tests, which has the checkout compiled once, it is what was
 * made of the file: a process of the platform then takes half the processor time to load. Elsewhere tsx compiles it.
 * @param path from the root of the checkout, which is the working directory.
 */
export function programOf(path: string): Program {
  const file = resolve(path);
  const folder = runFolder();
  const compiled = folder === undefined ? undefined : compiledFile(relative('.', file), folder);
  if (compiled !== undefined && existsSync(compiled)) return { file: compiled, execArgv: [] };
  return { file, execArgv: ['--require', require.resolve('tsx/cjs')] };
}

/** Where the compiled files of the checkout in the working directory are. */
export const compiledFolder = (folder: string): string => `${madeOf(resolve('.'), folder)}.compiled`;

/** @param path of the TypeScript file, from the root of the checkout. */
export const compiledFile = (path: string, folder: string): string =>
  join(compiledFolder(folder), path.replace(/\.ts$/, '.js'));
