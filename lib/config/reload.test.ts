import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { z } from 'zod';
import { eventually } from '../../tests/lib-support/eventually';
import { liveSettings } from './live-settings';
import { readConfig } from './load';
import { createReloader, type Reloader } from './reload';
import { secret } from './secret';

const schema = z.object({
  PORT: z.coerce.number().default(3000),
  TOKEN_KEY: secret(z.string().min(8, 'at least 8 characters')),
  SALT: secret(z.string()).optional(),
});

let folder: string;
let file: string;
let lines: { setting?: string; reason?: string; msg: string }[];
let reloader: Reloader;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  file = join(folder, 'token-key');
  lines = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line) as never) });
  reloader = createReloader({ logger, everyMs: 20 });
});
afterEach(() => {
  reloader.stop();
  rmSync(folder, { recursive: true });
});

function open(env: NodeJS.ProcessEnv = { TOKEN_KEY_FILE: file }) {
  const { config, problems } = readConfig(schema, env);
  if (!config) throw new Error(problems.join());
  return { config, live: liveSettings(schema, { env, config, reloader }) };
}

test('a secret is read from its file, without the newline at its end', () => {
  writeFileSync(file, 'first value\n');
  expect(open().config).toMatchObject({ TOKEN_KEY: 'first value', PORT: 3000 });
  writeFileSync(file, 'first value \n\n');
  expect(open().config).toMatchObject({ TOKEN_KEY: 'first value \n' });
});

test.each<[string, NodeJS.ProcessEnv, string]>([
  ['set twice', { TOKEN_KEY: 'a first value' }, 'TOKEN_KEY: is set, and TOKEN_KEY_FILE as well; set one of them'],
  ['without its file', { SALT_FILE: '/nowhere/salt' }, 'SALT_FILE: /nowhere/salt cannot be read (ENOENT)'],
  ['of a setting that is no secret', { PORT_FILE: '/nowhere/port', TOKEN_KEY_FILE: '' }, 'TOKEN_KEY: is not set'],
])('a secret %s is one problem', (_, env, problem) => {
  writeFileSync(file, 'first value');
  expect(readConfig(schema, { TOKEN_KEY_FILE: file, ...env })).toEqual({
    ...('SALT_FILE' in env || 'TOKEN_KEY' in env ? { config: expect.anything() } : {}),
    problems: [problem],
  });
});

test('an empty or invalid file is a problem that does not contain its value', () => {
  writeFileSync(file, '\n');
  expect(readConfig(schema, { TOKEN_KEY_FILE: file }).problems).toEqual([`TOKEN_KEY_FILE: ${file} is empty`]);
  writeFileSync(file, 'short');
  expect(readConfig(schema, { TOKEN_KEY_FILE: file }).problems).toEqual(['TOKEN_KEY: at least 8 characters']);
});

test('a new value is used as soon as its file has it, and whoever listens is told', async () => {
  writeFileSync(file, 'first value');
  const live = open().live('TOKEN_KEY');
  let changes = 0;
  live.onChange(() => (changes += 1));
  writeFileSync(file, 'second value');
  await eventually(() => expect(live.current()).toBe('second value'));
  expect(changes).toBe(1);
  expect(lines).toEqual([expect.objectContaining({ setting: 'TOKEN_KEY', msg: 'setting replaced by its new value' })]);
});

test('the folder of a secret may be replaced, as Kubernetes does', async () => {
  const put = (version: string, value: string): void => {
    mkdirSync(join(folder, version));
    writeFileSync(join(folder, version, 'token-key'), value);
    symlinkSync(version, join(folder, 'next'));
    renameSync(join(folder, 'next'), join(folder, 'current'));
  };
  put('..1', 'first value');
  const live = open({ TOKEN_KEY_FILE: join(folder, 'current', 'token-key') }).live('TOKEN_KEY');
  put('..2', 'second value');
  await eventually(() => expect(live.current()).toBe('second value'));
});

test('an invalid value, a missing file or a refused one changes nothing, and is logged once, without the value', async () => {
  writeFileSync(file, 'first value');
  const live = open().live('TOKEN_KEY');
  let tried = 0;
  live.addCheck((candidate) => {
    tried += 1;
    return candidate === 'refused value' ? Promise.reject(new Error('the server says no')) : Promise.resolve();
  });
  writeFileSync(file, 'short');
  await eventually(() => expect(lines).toHaveLength(1));
  rmSync(file);
  await eventually(() => expect(lines).toHaveLength(2));
  writeFileSync(file, 'refused value');
  await eventually(() => expect(tried).toBeGreaterThan(3));
  expect(live.current()).toBe('first value');
  expect(lines.map(({ reason }) => reason)).toEqual([
    'at least 8 characters',
    `${file} cannot be read (ENOENT)`,
    'the server says no',
  ]);
  writeFileSync(file, 'second value');
  await eventually(() => expect(live.current()).toBe('second value'));
  expect(JSON.stringify(lines)).not.toContain('refused value');
});

test('whoever was refused can have the new value at once', async () => {
  reloader.stop();
  writeFileSync(file, 'first value');
  const live = open().live('TOKEN_KEY');
  expect(await live.renew()).toBe(false);
  writeFileSync(file, 'second value');
  expect(await Promise.all([live.renew(), live.renew()])).toEqual([true, true]);
  expect(live.current()).toBe('second value');
});

test('a secret of the environment never changes', async () => {
  const live = open({ TOKEN_KEY: 'first value' }).live('TOKEN_KEY');
  expect(await live.renew()).toBe(false);
  expect(live.current()).toBe('first value');
});
