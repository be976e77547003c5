import { Migrator, type Migration } from 'kysely/migration';
import { openDatabase, type Database } from './database';

/**
 * Runs every migration that the database does not have yet, by name, each once; several processes may call it at the
 * same time. A migration that is added later may sort before those already run: each part of the platform counts its own.
 * @throws the error of the migration that failed; nothing of this call is kept then.
 */
export async function migrateToLatest(
  database: Pick<Database<unknown>, 'url'>,
  migrations: Record<string, Migration>,
): Promise<void> {
  // Migrations wait for each other and for those who use the tables, and build indexes, however long that takes.
  const unlimited = { lockTimeoutMs: 0, queryTimeoutMs: 0 };
  const patient = openDatabase<unknown>({ url: database.url, name: 'migrations', poolSize: 2, ...unlimited });
  const migrator = new Migrator({
    db: patient.kysely,
    provider: { getMigrations: () => Promise.resolve(migrations) },
    allowUnorderedMigrations: true,
  });
  const { error } = await migrator.migrateToLatest().finally(() => patient.close());
  if (error) throw error instanceof Error ? error : new Error('The migration failed', { cause: error });
}
