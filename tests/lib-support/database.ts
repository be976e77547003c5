import { randomUUID } from 'node:crypto';
import type { Migration } from 'kysely/migration';
import { Client } from 'pg';
import { openDatabase, type Database } from '../../lib/db/database';
import { migrateToLatest } from '../../lib/db/migrate';
import { required } from './required';

/** A database of its own on the test server, migrated and empty. */
export interface TestDatabase<T> {
  database: Database<T>;
  url: string;
  drop: () => Promise<void>;
}

/**
 * Makes a database with the given tables; drop it in `afterAll`.
 * @example const test = await createTestDatabase<OrderTables>(orderMigrations);
 */
export async function createTestDatabase<T>(migrations: Record<string, Migration>): Promise<TestDatabase<T>> {
  const { url, drop } = await createEmptyDatabase();
  const database = openDatabase<T>({ url, name: 'test' });
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

/** Makes a database without a table in it. */
export async function createEmptyDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(`create database ${name} template template0`);
  const url = new URL(required('DATABASE_URL'));
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => asAdmin(`drop database ${name} with (force)`) };
}

async function asAdmin(statement: string): Promise<void> {
  const client = new Client({ connectionString: required('DATABASE_URL') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
