import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { databaseNames } from '../../workers/modules/roles';
import { defaultPorts } from './ports';
import { loadSecrets, passwordsOf, readSecrets } from './secrets';
import { remembered } from './state';
import { UserError } from './steps';
import { knownUserId } from './tokens';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sagaworks-earlier-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const keep = (file: string, content: string): void => writeFileSync(join(directory, file), content);

test('the secrets of an earlier release are kept, what is new gets its own, and a service that is gone gets none', () => {
  keep('secrets.json', JSON.stringify({ jwt: 'j', postgres: 'p', roles: { orders: 'known', loyalty: 'gone' } }));
  const secrets = loadSecrets(directory);
  expect(secrets).toMatchObject({ postgres: 'p', carrier: expect.stringMatching(/.{32}/), tokenKeys: [{ kty: 'EC' }] });
  // Tokens that were signed with them stay valid.
  expect(loadSecrets(directory).tokenKeys).toEqual(secrets.tokenKeys);
  const passwords = passwordsOf(databaseNames, secrets);
  expect(Object.keys(passwords)).toEqual(databaseNames);
  expect(passwords).toMatchObject({ orders: 'known', gateway: expect.stringMatching(/.{32}/) });
  expect(loadSecrets(directory)).toEqual(secrets);
});

test('a start that had fewer ports is remembered with the usual ones for the rest', () => {
  keep('state.json', JSON.stringify({ directory, kind: 'native', ports: { api: 4000 } }));
  expect(remembered(directory)).toEqual({ directory, kind: 'native', ports: { ...defaultPorts, api: 4000 } });
});

test.each([
  ['secrets.json', '{"jwt":"j"', () => readSecrets(directory)],
  ['secrets.json', '{"jwt":"j"}', () => readSecrets(directory)],
  ['state.json', '', () => remembered(directory)],
])('a damaged %s (%s) is named, with what to do', (file, content, read) => {
  keep(file, content);
  expect(read).toThrow(UserError);
  expect(read).toThrow(new RegExp(`${file}, which an earlier start has kept, cannot be read`));
});

test('tokens that cannot be read are made anew', () => {
  keep('tokens.json', '{"customer":');
  expect(knownUserId(directory)).toBeUndefined();
});
