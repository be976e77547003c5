import { afterEach, beforeEach, expect, test } from '@jest/globals';
import pino from 'pino';
import { openDatabase, type Database } from '../../lib/db/database';
import { eventLogMigrations } from '../../lib/eventlog/migrations';
import { asAdmin } from '../../tests/lib-support/database';
import { eventually } from '../../tests/lib-support/eventually';
import { runSql } from '../../tests/support/broken-table';
import { createOwnedDatabase, type OwnedDatabase } from '../../tests/support/owned-database';
import { migrateDatabase } from './migrate-database';

let owned: OwnedDatabase;
let database: Database<unknown>;
let unprotected: Set<string>;
let warnings: string[];
const logger = pino(
  { level: 'warn' },
  { write: (line: string) => void warnings.push((JSON.parse(line) as { msg: string }).msg) },
);

beforeEach(async () => {
  owned = await createOwnedDatabase();
  database = openDatabase<unknown>({ url: owned.url, name: 'test' });
  [unprotected, warnings] = [new Set(), []];
});
afterEach(async () => {
  await database.close();
  await owned.drop();
});

/** As a process does that has these URLs. */
function migrate(urls: { url: string; ownerUrl?: string }): Promise<void> {
  const opened = { name: 'notes', database: { ...database, url: urls.url }, owner: urls.ownerUrl };
  return migrateDatabase({ logger, unprotected }, opened, eventLogMigrations);
}
const add = (text: string) =>
  `insert into events (event_id, stream, version, type, data_version, data, metadata)
   values (gen_random_uuid(), 'note-1', ${text.length}, 'note.taken', 1, '{}', '{}')`;

test('a process without the URL of the owner waits until one with it has migrated, and says so', async () => {
  const waiting = migrate({ url: owned.url });
  await eventually(() => expect(warnings).toEqual(['waiting for migrations']));
  await migrate(owned);
  await waiting;
  expect([...unprotected]).toEqual([]);
  await runSql(owned.url, add('a'));
});

test('what is granted already is not granted again, so that a process also starts on a read-only database', async () => {
  await migrate(owned);
  await asAdmin(`alter database ${owned.name} set default_transaction_read_only = on`);
  await migrate(owned);
  await asAdmin(`alter database ${owned.name} reset all`);
  await runSql(owned.adminUrl, `grant update on events to ${owned.name}`);
  await migrate(owned);
  await expect(runSql(owned.url, `update events set type = 'x'`)).rejects.toThrow('permission denied for table events');
});

test('where one role owns the tables and works in them, it goes on so, and the log counts as not protected', async () => {
  await runSql(owned.adminUrl, `alter database ${owned.name} owner to ${owned.name}`);
  await migrate({ url: owned.url });
  expect([...unprotected]).toEqual(['notes']);
  await runSql(owned.url, add('a'));
});

test('an owner that does not own the tables, or that is the running role, is refused with what to do', async () => {
  await runSql(owned.adminUrl, `alter database ${owned.name} owner to ${owned.name}`);
  await migrate({ url: owned.url });
  await expect(migrate(owned)).rejects.toThrow('does not own the tables of notes: hand them over');
  await expect(migrate({ url: owned.url, ownerUrl: owned.url })).rejects.toThrow('name the same role');
});
