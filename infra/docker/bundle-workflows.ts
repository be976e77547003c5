import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { encryptedBundleOf } from '../../lib/temporal/bundle';
import { bundleSagas } from '../../workers/saga';

/** Writes the two bundles of the workflows that `WORKFLOW_BUNDLE` names, so that a saga worker makes none at start. */
async function main(file: string): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  for (const payloads of ['plain', 'encrypted'] as const) {
    const { code } = await bundleSagas(payloads);
    writeFileSync(payloads === 'plain' ? file : encryptedBundleOf(file), code);
  }
}

main(resolve(process.argv[2] ?? 'dist/workflows.bundle.js')).catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
});
