import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyCheckout, type Checkout } from '../support/checkout';

let copy: Checkout;
beforeAll(async () => {
  copy = await copyCheckout();
});
afterAll(() => copy.drop());

const start = (...args: string[]) => copy.run('node', 'infra/bootstrap.js', 'infra/local/start.ts', ...args);

test('npm start -- --help says what there is to say, and starts nothing', async () => {
  const { code, out } = await start('--help');
  expect(code).toBe(0);
  for (const word of ['--no-demo', '--fresh', 'PORT', 'DATABASE_URL', 'SAGAWORKS_STACK']) expect(out).toContain(word);
});

test('an unknown option is refused with the same help', async () => {
  const { code, out } = await start('--demo');
  expect({ code, out }).toMatchObject({ code: 64, out: expect.stringContaining('--no-demo') as unknown });
});

/** What stops root from writing as well: a file in the folder's place, and a file system that takes no files (Linux). */
test.each<[string, (place: string) => void]>([
  ['is a file', (place) => writeFileSync(place, '')],
  ['takes no files', (place) => symlinkSync('/sys', place)],
])('a folder for data that %s is reported in words, with what to do', async (_, put) => {
  const place = join(copy.directory, '.sagaworks');
  put(place);
  const { code, out } = await start();
  rmSync(place);
  expect(code).toBe(1);
  expect(out).toContain(`cannot write there`);
  expect(out).toContain(`make ${place} a folder that you may write to`);
  expect(out).not.toMatch(/^ {4}at /m);
});
