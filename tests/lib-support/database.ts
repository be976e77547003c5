import { randomUUID } from 'node:crypto';
import type { Migration } from 'kysely/migration';
import { Client } from 'pg';
import { openDatabase, type Database } from '../../lib/db/database';
import { migrateToLatest } from '../../lib/db/migrate';
import { required } from './required';

/** A migrated, empty database of its own on the test server. */
export interface TestDatabase<T> {
  database: Database<T>;
  url: string;
  drop: () => Promise<void>;
}

/**
 * Creates a database with the given tables; drop it in `afterAll`.
 * @example const test = await createTestDatabase<NoteTables>(noteMigrations);
 */
export async function createTestDatabase<T>(migrations: Record<string, Migration>): Promise<TestDatabase<T>> {
  const { url, drop } = await createEmptyDatabase();
  // Tests fill tables with as many rows as they need.
  const database = openDatabase<T>({ url, name: 'test', queryTimeoutMs: 0 });
  await migrateToLatest(database, migrations);
  return {
    database,
    url,
    drop: async () => {
      await database.close();
      await drop();
    },
  };
}

/** Creates a database without tables. */
export async function createEmptyDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(`create database ${name} template template0`);
  const url = new URL(required('DATABASE_URL'));
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => asAdmin(`drop database ${name} with (force)`) };
}

/** Runs statements as the administrator of the test server, one after another. */
export async function asAdmin(...statements: string[]): Promise<void> {
  const client = new Client({ connectionString: required('DATABASE_URL') });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
