import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { asAdmin } from '../../tests/lib-support/database';
import { required } from '../../tests/lib-support/required';
import { provisionDatabases, wantedDatabase } from './databases';

const suffix = randomUUID().slice(0, 8);
const [tea, cups] = [`tea_${suffix}`, `cups_${suffix}`];
const admin = required('DATABASE_URL');

afterEach(async () => {
  for (const name of [tea, cups]) {
    await asAdmin(`drop database if exists ${name} with (force)`);
    await asAdmin(`drop role if exists ${name}`, `drop role if exists ${name}_owner`);
  }
});

/** The URLs of a database, with the password in both. */
function urlsOf(name: string, password: string): { url: string; ownerUrl: string } {
  const urlOf = (role: string): string => {
    const url = new URL(admin);
    [url.username, url.password, url.pathname] = [role, encodeURIComponent(password), `/${name}`];
    return url.href;
  };
  return { url: urlOf(name), ownerUrl: urlOf(`${name}_owner`) };
}

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

const provision = (...names: string[]): Promise<void> =>
  provisionDatabases(
    { url: admin },
    names.map((name) => wantedDatabase(urlsOf(name, "a 'password'"))),
  );

test('each database has an owner and a role that works in it, with their passwords; others are kept out', async () => {
  await provision(tea, cups);
  const { url, ownerUrl } = urlsOf(tea, "a 'password'");
  expect(await query(ownerUrl, 'create table leaves ()', 'select current_user::text as me')).toEqual([
    { me: `${tea}_owner` },
  ]);
  await expect(query(url, 'create table more ()')).rejects.toThrow('permission denied for schema public');
  const theirs = new URL(url);
  theirs.pathname = `/${cups}`;
  await expect(query(theirs.href, 'select 1')).rejects.toThrow(`permission denied for database "${cups}"`);
});

test('it can be repeated, also by several at the same time, and leaves the data', async () => {
  await Promise.all([provision(tea), provision(tea), provision(tea)]);
  const { ownerUrl } = urlsOf(tea, "a 'password'");
  await query(ownerUrl, 'create table leaves ()', 'insert into leaves default values');
  await provision(tea);
  expect(await query(ownerUrl, 'select count(*)::int as leaves from leaves')).toEqual([{ leaves: 1 }]);
});

test('what the working role owned before there were owners is handed over', async () => {
  await asAdmin(`create role ${tea} login password 'old'`, `create database ${tea} owner ${tea}`);
  await query(urlsOf(tea, 'old').url, 'create table leaves (cut int)', 'insert into leaves values (1)');
  await provision(tea);
  const { url, ownerUrl } = urlsOf(tea, "a 'password'");
  expect(await query(ownerUrl, 'select cut from leaves')).toEqual([{ cut: 1 }]);
  await expect(query(url, 'drop table leaves')).rejects.toThrow('must be owner of table leaves');
});

test('an administrator who is no superuser is enough, as on managed servers', async () => {
  await asAdmin(`create role ${cups} login createdb createrole password 'admin'`);
  const url = new URL(admin);
  [url.username, url.password] = [cups, 'admin'];
  await provisionDatabases({ url: url.href }, [wantedDatabase(urlsOf(tea, 'new'))]);
  expect(await query(urlsOf(tea, 'new').ownerUrl, 'create table leaves ()', 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('a database of somebody else is not touched', async () => {
  await asAdmin(`create database ${tea}`);
  await expect(provision(tea)).rejects.toThrow(
    `The server already has a database "${tea}" that Sagaworks did not make`,
  );
});

test.each([
  'postgres://orders:secret@db.example',
  'postgres://orders@db.example/orders',
  'postgres://db.example/orders',
])('the URL %s lacks a part', (url) => {
  expect(() => wantedDatabase({ url, ownerUrl: url })).toThrow('A database URL names no');
});
