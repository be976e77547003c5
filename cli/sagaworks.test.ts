import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { programOf } from '../tests/lib-support/program';

/** A platform that answers everything with the same 20,000 events, a page. */
let server: Server;
let platform: Record<string, string>;
beforeAll(async () => {
  const items = Array.from({ length: 20_000 }, (_, version) => ({ version, time: 'now', type: 'order.created' }));
  server = createServer((_, response) => response.end(JSON.stringify({ items }))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  platform = { SAGAWORKS_URL: `http://127.0.0.1:${port}`, SAGAWORKS_TOKEN: 'token' };
});
afterAll(() => void server.close());

const { file, execArgv } = programOf('cli/sagaworks.ts');
const command = [...execArgv, file];

async function sagaworks(args: string[], settings: Record<string, string> = {}) {
  const env = { ...process.env, ...settings };
  const child = spawn(process.execPath, [...command, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close') as Promise<[number | null]>;
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { status, stdout, stderr };
}

test.each([[['dlq', 'redrive', '--help']], [['dlq', 'redrive', '-h']], [['help', 'dlq', 'redrive']]])(
  'sagaworks %j shows the help of that command, and of no other',
  async (args) => {
    const { status, stdout, stderr } = await sagaworks(args);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: sagaworks dlq redrive \[options\] \[id\.\.\.\]\n\nBring dead letters back/);
    expect(stdout).toContain('--dry-run');
    expect(stdout).toMatch(/Examples:\n {2}sagaworks dlq redrive --queue/);
    expect(stdout).not.toContain('discard');
  },
);

test('help has the width that COLUMNS says, and no colour', async () => {
  const { stdout } = await sagaworks(['audit', '--help'], { COLUMNS: '60', FORCE_COLOR: '1' });
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
  expect(stdout).not.toContain('\u001B');
});

test.each([
  [['topology', 'plan'], { RABBITMQ_URL: 'amqp://127.0.0.1:2', RABBITMQ_MANAGEMENT_URL: 'http://127.0.0.1:2' }],
  [['projections', 'verify', 'order-list'], { ORDERS_DATABASE_URL: 'postgres://127.0.0.1:2/orders' }],
  [['deploy', 'promote', 'v1'], { TEMPORAL_ADDRESS: '127.0.0.1:2' }],
  [['dlq', 'list'], { SAGAWORKS_URL: 'http://127.0.0.1:2', SAGAWORKS_TOKEN: 'token' }],
])(
  'sagaworks %j ends with 69 and one line, or one JSON object, when the system it needs is away',
  async (args, settings) => {
    const [plain, asJson] = await Promise.all([sagaworks(args, settings), sagaworks([...args, '--json'], settings)]);
    const { status, stdout, stderr } = plain;
    expect({ status, stdout, lines: stderr.trim().split('\n').length }).toEqual({ status: 69, stdout: '', lines: 1 });
    expect(asJson).toMatchObject({ status: 69, stdout: '' });
    expect(JSON.parse(asJson.stderr)).toEqual({
      error: { code: 'unavailable', message: stderr.trim(), exitCode: 69 },
    });
  },
  // Temporal is given five seconds, and a busy machine takes as many to start two processes.
  30_000,
);

test('wrong arguments end with 64, one sentence and the short usage, on standard error', async () => {
  const { status, stdout, stderr } = await sagaworks(['order', 'shwo', 'x']);
  expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
  expect(stderr).toBe(
    "Unknown command 'shwo'. Did you mean show?\n\nUsage: sagaworks order [options] [command]\nHelp:  sagaworks order --help\n",
  );
});

/** In a shell, with a real pipe. @returns the exit code of the command itself. */
async function piped(pipeline: string) {
  const script = `${pipeline}\necho "status \${PIPESTATUS[0]}" >&2`;
  const child = spawn('bash', ['-c', script, 'bash', process.execPath, ...command], {
    env: { ...process.env, ...platform },
  });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { out, err };
}

test.each([
  ['much more than a pipe holds', `"$@" order history x | head -1`, '  0  now  order.created  by the platform\n'],
  ['a document', `"$@" order history x --json | head -c 1`, '['],
  ['to a reader that reads nothing', `"$@" --help | true`, ''],
])('%s piped into head ends quietly, with 0', async (_, pipeline, out) => {
  expect(await piped(pipeline)).toEqual({ out, err: 'status 0\n' });
});
