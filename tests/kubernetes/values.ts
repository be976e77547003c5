import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { typos } from '../../infra/chart/typos';
import { runCommand } from '../../infra/local/commands';

/** The typos that Helm itself does not refuse, by path. */
export async function acceptedTypos(): Promise<string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'sagaworks-values-'));
  const accepted: string[] = [];
  try {
    for (const [path, values] of typos) {
      const file = join(directory, 'values.yaml');
      writeFileSync(file, JSON.stringify({ secrets: { existing: 'sagaworks' }, ...values }));
      const { ok, all } = await runCommand('helm', ['template', 'infra/helm/sagaworks', '--values', file]);
      if (ok || !all.includes("don't meet the specifications of the schema")) accepted.push(path);
    }
    return accepted;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
