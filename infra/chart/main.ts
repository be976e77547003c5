import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { generatedFiles } from './files';
import { hasHelm, renderedFiles } from './render';

const usage = 'npm run chart:generate, or npm run chart:check';
const withoutHelm = 'Helm is not installed: the rendered examples were left out';

async function write(files: ReadonlyMap<string, string>): Promise<void> {
  for (const [path, content] of files) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    console.log(`  written  ${path}`);
  }
}

/** @throws Error with the files that differ. */
function compare(files: ReadonlyMap<string, string>): void {
  const different = [...files].filter(([path, content]) => !existsSync(path) || readFileSync(path, 'utf8') !== content);
  if (different.length === 0) return;
  const names = different.map(([path]) => `  ${path}`).join('\n');
  throw new Error(`Not what the modules and the chart say:\n${names}\n\n  To correct it:  npm run chart:generate`);
}

/** What follows from the modules, and then from the chart, which Helm renders where it is installed. */
async function main(command: string | undefined): Promise<void> {
  const act = { generate: write, check: compare }[command ?? ''];
  if (!act) throw new Error(usage);
  await act(await generatedFiles());
  if (hasHelm()) await act(await renderedFiles());
  else console.log(withoutHelm);
}

main(process.argv[2]).catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
