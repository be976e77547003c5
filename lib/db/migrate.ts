import { Migrator, type Migration } from 'kysely';
import type { Database } from './database';

/**
 * Runs every migration that the database does not have yet, by name, each once; several processes may call it at the
 * same time. A migration that is added later may sort before those already run: each part of the platform counts its own.
 * @throws the error of the migration that failed; nothing of this call is kept then.
 */
export async function migrateToLatest<T>(database: Database<T>, migrations: Record<string, Migration>): Promise<void> {
  const migrator = new Migrator({
    db: database.kysely,
    provider: { getMigrations: () => Promise.resolve(migrations) },
    allowUnorderedMigrations: true,
  });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error instanceof Error ? error : new Error('The migration failed', { cause: error });
}
