import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { generatedFiles } from './files';
import { hasHelm, renderedFiles } from './render';

const usage = 'npm run chart:generate, chart:render, or chart:check';
const withoutHelm = 'Helm is not installed: the rendered examples were not compared with the chart';

async function write(files: ReadonlyMap<string, string>): Promise<void> {
  for (const [path, content] of files) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    console.log(`  written  ${path}`);
  }
}

/** @throws Error with the files that differ, and how to correct them. */
function compare(files: ReadonlyMap<string, string>, correction: string): void {
  const different = [...files].filter(([path, content]) => !existsSync(path) || readFileSync(path, 'utf8') !== content);
  if (different.length === 0) return;
  const names = different.map(([path]) => `  ${path}`).join('\n');
  throw new Error(`Not what the modules and the chart say:\n${names}\n\n  To correct it:  ${correction}`);
}

/** Compares the files of the chart with what follows from the modules, and the rendered ones where Helm is installed. */
async function checkChart(): Promise<void> {
  compare(await generatedFiles(), 'npm run chart:generate');
  if (hasHelm()) compare(await renderedFiles(), 'npm run chart:render');
  else console.log(withoutHelm);
}

async function main(command: string | undefined): Promise<void> {
  if (command === 'generate') await write(await generatedFiles());
  else if (command === 'check') await checkChart();
  else if (command !== 'render') throw new Error(usage);
  else if (hasHelm()) await write(await renderedFiles());
  else throw new Error('Helm is not installed: https://helm.sh/docs/intro/install');
}

main(process.argv[2]).catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
