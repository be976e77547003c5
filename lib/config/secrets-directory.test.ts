import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secretIn } from './secret-files';
import { withSecretsDirectory } from './secrets-directory';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'secrets-'));
  writeFileSync(join(directory, 'TOKEN_KEY'), 'from the folder\n');
  writeFileSync(join(directory, 'notes.txt'), 'no setting');
  mkdirSync(join(directory, '..2026_11_30'));
});
afterAll(() => rmSync(directory, { recursive: true }));

test('each file of the folder that is named like a setting is that secret', () => {
  const env = withSecretsDirectory({ SECRETS_DIRECTORY: directory });
  expect(Object.keys(env)).toEqual(['SECRETS_DIRECTORY', 'TOKEN_KEY_FILE']);
  expect(secretIn(env, 'TOKEN_KEY')).toBe('from the folder');
});

test.each([{ TOKEN_KEY: 'given' }, { TOKEN_KEY_FILE: '/run/other' }])(
  'what the environment sets itself stays: %j',
  (own) => {
    expect(withSecretsDirectory({ SECRETS_DIRECTORY: directory, ...own })).toEqual({
      SECRETS_DIRECTORY: directory,
      ...own,
    });
  },
);

test('without the setting nothing changes, and a folder that is not there is named', () => {
  const env = { TOKEN_KEY: 'given' };
  expect(withSecretsDirectory(env)).toBe(env);
  expect(() => withSecretsDirectory({ SECRETS_DIRECTORY: join(directory, 'none') })).toThrow(
    `SECRETS_DIRECTORY: ${join(directory, 'none')} cannot be read (ENOENT)`,
  );
});
