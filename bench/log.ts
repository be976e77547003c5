import type { Migration } from 'kysely/migration';
import { Client } from 'pg';
import { openDatabase } from '../lib/db/database';
import { migrateToLatest } from '../lib/db/migrate';
import { eventLogMigrations } from '../lib/eventlog/migrations';
import { inboxMigrations } from '../lib/inbox/migrations';

/** A database of its own with a log and an inbox, for the measurements that need no platform. */
export interface BenchDatabase {
  url: string;
  /** Runs a statement. */
  run(statement: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** Makes a database on the stack's server; it goes with the stack. */
export async function createBenchDatabase(
  adminUrl: string,
  name: string,
  migrations: Record<string, Migration> = { ...eventLogMigrations, ...inboxMigrations },
): Promise<BenchDatabase> {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(`drop database if exists ${name} with (force)`);
  await admin.query(`create database ${name}`);
  await admin.end();
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const database = openDatabase<unknown>({ url: url.href, name: 'bench', queryTimeoutMs: 0 });
  await migrateToLatest(database, migrations);
  await database.close();
  const client = new Client({ connectionString: url.href });
  await client.connect();
  return {
    url: url.href,
    run: async (statement, values = []) =>
      (await client.query(statement, [...values])).rows as Record<string, unknown>[],
    close: () => client.end(),
  };
}

/** Fills the log with notes: a number of events of a number of streams, in turns, each stream without gaps. */
export async function fillLog(database: BenchDatabase, events: number, streams: number): Promise<void> {
  await database.run(
    `insert into events (event_id, stream, version, type, data_version, data, metadata)
    select gen_random_uuid(), 'note-' || (n % $2), n / $2 + 1, 'note.taken', 1,
      jsonb_build_object('text', repeat('x', 280)), '{"correlationId": "bench", "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}'
    from generate_series(0, $1 - 1) as n`,
    [events, streams],
  );
  await database.run('vacuum analyze events');
}
