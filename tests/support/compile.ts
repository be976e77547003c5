import { transformFile, type Options } from '@swc/core';
import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { sourceFiles } from '../../infra/source-files';
import { compiledFile, compiledFolder } from '../lib-support/program';

/** As Jest compiles (`jest.config.js`), but for the source map. */
const options: Options = {
  swcrc: false,
  jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
  module: { type: 'commonjs' },
};

/** What programs load; JavaScript goes along as it is. */
const folders = /^(activities|cli|contracts|infra|lib|services|tests|workers|workflows)\//;
const isLoaded = (path: string): boolean =>
  folders.test(path) && /\.[jt]s$/.test(path) && !/\.(test|d)\.ts$/.test(path);

/** Compiles the checkout in the working directory for the processes that the tests of one run start (`programOf`). */
export async function compileCheckout(runFolder: string): Promise<void> {
  const files = sourceFiles()
    .filter(isLoaded)
    .map((path) => [path, compiledFile(path, runFolder)] as const);
  const made = new Set(files.map(([, file]) => dirname(file)));
  await Promise.all([...made].map((folder) => mkdir(folder, { recursive: true })));
  // `package.json` says the version; the console is served as it was built.
  for (const needed of ['node_modules', 'package.json', 'console'])
    await symlink(resolve(needed), join(compiledFolder(runFolder), needed));
  await Promise.all(
    files.map(async ([path, file]) => {
      if (path.endsWith('.js')) await copyFile(path, file);
      else await writeFile(file, (await transformFile(path, options)).code);
    }),
  );
}
