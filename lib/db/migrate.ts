import { Migrator, type Migration } from 'kysely/migration';
import { openDatabase, type Database } from './database';

/**
 * Runs every migration that the database does not have yet, by name, each once; several processes may call it at the
 * same time. A new migration may sort before those already run, because each part of the platform numbers its own.
 * @throws the error of the migration that failed; all migrations of this call are then rolled back.
 */
export async function migrateToLatest(
  database: Pick<Database<unknown>, 'url'>,
  migrations: Record<string, Migration>,
): Promise<void> {
  // Migrations wait for each other, and for sessions that use the tables, and they build indexes: without a time limit.
  const unlimited = { lockTimeoutMs: 0, queryTimeoutMs: 0 };
  const own = openDatabase<unknown>({ url: database.url, name: 'migrations', poolSize: 2, ...unlimited });
  const migrator = new Migrator({
    db: own.kysely,
    provider: { getMigrations: () => Promise.resolve(migrations) },
    allowUnorderedMigrations: true,
  });
  const { error } = await migrator.migrateToLatest().finally(() => own.close());
  if (error) throw error instanceof Error ? error : new Error('The migration failed', { cause: error });
}
