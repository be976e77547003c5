import { Client } from 'pg';
import { openDatabase } from '../../lib/db/database';
import { migrateToLatest } from '../../lib/db/migrate';
import { witnessMigrations } from './witness-store';

/** Makes the witness's database beside those of the services; returns its URL. */
export async function createWitnessDatabase(adminUrl: string, name = 'witness'): Promise<string> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  await client.query(`create database ${client.escapeIdentifier(name)}`);
  await client.end();
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  await migrateWitness(url.href);
  return url.href;
}

/** Makes the witness's tables. */
export async function migrateWitness(url: string): Promise<void> {
  const database = openDatabase<unknown>({ url, name: 'witness' });
  await migrateToLatest(database, witnessMigrations);
  await database.close();
}
