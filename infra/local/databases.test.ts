import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { required } from '../../tests/lib-support/required';
import { prepareDatabases } from './databases';

const suffix = randomUUID().slice(0, 8);
const tea = `tea_${suffix}`;
const cups = `cups_${suffix}`;

async function query(url: string, ...statements: string[]): Promise<object[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const results: object[] = [];
    for (const statement of statements) results.push(...(await client.query<object>(statement)).rows);
    return results;
  } finally {
    await client.end();
  }
}

const admin = required('DATABASE_URL');

afterEach(async () => {
  for (const name of [tea, cups]) {
    await query(admin, `drop database if exists ${name} with (force)`, `drop role if exists ${name}`);
  }
});

test('each service owns its database, and is kept out of the others', async () => {
  const urls = await prepareDatabases(admin, { [tea]: 'secret-1', [cups]: 'secret-2' });
  const mine = urls[tea] ?? '';
  expect(await query(mine, 'create table leaves ()', 'select current_user::text as me')).toEqual([{ me: tea }]);

  const theirs = new URL(mine);
  theirs.pathname = `/${cups}`;
  await expect(query(theirs.href, 'select 1')).rejects.toThrow(`permission denied for database "${cups}"`);
});

test('a repetition changes the password and leaves the data', async () => {
  const [before] = Object.values(await prepareDatabases(admin, { [tea]: 'secret-1' }));
  await query(before ?? '', 'create table leaves ()');
  const [after] = Object.values(await prepareDatabases(admin, { [tea]: 'secret-2' }));
  expect(after).toContain('secret-2');
  await expect(query(after ?? '', 'select from leaves')).resolves.toEqual([]);
});

test('a database of another owner is not touched', async () => {
  await query(admin, `create database ${tea}`);
  await expect(prepareDatabases(admin, { [tea]: 'secret-1' })).rejects.toThrow('did not make');
});
