import { renameSync, writeFileSync } from 'node:fs';
import { bundleWorkflows } from '../../lib/temporal/bundle';

/** Bundles the workflows of a module (first argument) into a file (second). */
async function main([workflowsPath = '', file = '']: string[]): Promise<void> {
  const { code } = await bundleWorkflows(workflowsPath);
  // Several may make the same file: it is there at once, and whole.
  const part = `${file}.${process.pid}`;
  writeFileSync(part, code);
  renameSync(part, file);
}

void main(process.argv.slice(2));
