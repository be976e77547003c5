import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentFile, keepEnvironment } from '../../infra/local/environment-file';
import { processSettings } from './settings';

let directory: string;
const variables = { ORDERS_DATABASE_URL: 'postgres://local', RABBITMQ_URL: 'amqp://local', PORT: '3000' };
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'sagaworks-stack-'));
  keepEnvironment(directory, variables);
});
afterAll(() => rmSync(directory, { recursive: true }));

test('without addresses in its environment a process has those of the local stack, and says so', () => {
  const { env, note } = processSettings({ LOG_LEVEL: 'debug', RABBITMQ_URL: '', DATABASE_URL: '' }, directory);
  expect(env).toMatchObject({ ORDERS_DATABASE_URL: 'postgres://local', LOG_LEVEL: 'debug' });
  expect(note).toContain(join(directory, environmentFile));
});

test('it does not take the port of the API that runs already, unless it is told to', () => {
  expect(processSettings({}, directory).env).toMatchObject({ PORT: '0' });
  expect(processSettings({ PORT: '4000' }, directory).env).toMatchObject({ PORT: '4000' });
});

test.each(['RABBITMQ_URL', 'TEMPORAL_ADDRESS', 'ORDERS_DATABASE_URL'])(
  'an environment that names %s is the only one: no process speaks to two worlds',
  (name) => {
    const env = { [name]: 'elsewhere' };
    expect(processSettings(env, directory)).toEqual({ env });
  },
);

test('where no stack was started, it says what to do', () => {
  expect(processSettings({}, join(directory, 'none')).note).toContain('npm start');
});

test('the file is readable for its owner only', () => {
  expect(statSync(join(directory, environmentFile)).mode & 0o777).toBe(0o600);
});
