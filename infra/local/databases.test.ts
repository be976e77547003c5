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
    await query(admin, `drop database if exists ${name} with (force)`);
    await query(admin, `drop role if exists ${name}`, `drop role if exists ${name}_owner`);
  }
});

const secret = (n: number) => ({ running: `secret-${n}`, owner: `owner-secret-${n}` });

test('each database has an owner, and a role that works in it; others are kept out', async () => {
  const { [tea]: urls } = await prepareDatabases(admin, { [tea]: secret(1), [cups]: secret(2) });
  const { url = '', ownerUrl = '' } = urls ?? {};
  expect(await query(ownerUrl, 'create table leaves ()', 'select current_user::text as me')).toEqual([
    { me: `${tea}_owner` },
  ]);
  expect(await query(url, 'select current_user::text as me')).toEqual([{ me: tea }]);
  await expect(query(url, 'create table more ()')).rejects.toThrow('permission denied for schema public');
  await expect(query(url, 'select from leaves')).rejects.toThrow('permission denied for table leaves');

  for (const mine of [url, ownerUrl]) {
    const theirs = new URL(mine);
    theirs.pathname = `/${cups}`;
    await expect(query(theirs.href, 'select 1')).rejects.toThrow(`permission denied for database "${cups}"`);
  }
});

test('a repetition changes the passwords and leaves the data', async () => {
  const before = await prepareDatabases(admin, { [tea]: secret(1) });
  await query(before[tea]?.ownerUrl ?? '', 'create table leaves ()');
  const after = await prepareDatabases(admin, { [tea]: secret(2) });
  expect(after[tea]?.url).toContain('/' + `${tea}:secret-2`);
  await expect(query(after[tea]?.ownerUrl ?? '', 'select from leaves')).resolves.toEqual([]);
});

test('what the working role owned before there were owners is handed over', async () => {
  await query(
    admin,
    `create role ${tea} login password 'secret-1'`,
    `create database ${tea} owner ${tea}`,
    `comment on database ${tea} is 'Sagaworks'`,
  );
  const old = new URL(admin);
  [old.username, old.password, old.pathname] = [tea, 'secret-1', `/${tea}`];
  await query(old.href, 'create table leaves (cut int)', 'create schema aside_leaves', 'insert into leaves values (1)');

  const { [tea]: urls } = await prepareDatabases(admin, { [tea]: secret(1) });
  expect(await query(urls?.ownerUrl ?? '', 'drop schema aside_leaves', 'select cut from leaves')).toEqual([{ cut: 1 }]);
  await expect(query(urls?.url ?? '', 'drop table leaves')).rejects.toThrow('must be owner of table leaves');
});

test('a database of another owner is not touched', async () => {
  await query(admin, `create database ${tea}`);
  await expect(prepareDatabases(admin, { [tea]: secret(1) })).rejects.toThrow('did not make');
});
