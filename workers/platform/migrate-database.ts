import type { Migration } from 'kysely/migration';
import { retryWithBackoff } from '../../lib/async/backoff';
import { selectAccess, selectChangeable } from '../../lib/db/access-store';
import { addressOf, type DatabaseUrl } from '../../lib/db/address';
import type { Queryable } from '../../lib/db/database';
import { grantRunning } from '../../lib/db/grants';
import { selectCondition } from '../../lib/db/health-store';
import { migrateToLatest } from '../../lib/db/migrate';
import { variableOf } from '../config/config';
import type { Logger } from '../../lib/telemetry/logger';
import { historyTables, protectedTables } from './protected-tables';

/** How a database is found: its name, a connection as the role that works in it, and where to connect as its owner. */
interface Opened {
  name: string;
  database: { kysely: Queryable; url: DatabaseUrl };
  owner?: DatabaseUrl | undefined;
}

interface Host {
  logger: Pick<Logger, 'warn'>;
  /** The databases whose log or audit log this process could change. */
  unprotected: Set<string>;
}

/**
 * Brings a database up to date: as its owner where the owner's URL is configured, otherwise as the role that works in it,
 * if that may. If not, it waits until a process that may has done so. Notes databases whose log is not protected.
 * @throws Error when the owner does not own the tables, or when the migrations are still missing after a minute.
 */
export async function migrateDatabase(
  host: Host,
  opened: Opened,
  migrations: Record<string, Migration>,
): Promise<void> {
  const { database, name, owner } = opened;
  const { role, migrates } = await selectAccess(database.kysely);
  if (owner !== undefined) await migrateAsOwner({ name, role, owner }, migrations);
  else if (migrates) await migrateToLatest(database, migrations);
  else await untilMigrated(host, opened, migrations);
  const changeable = await selectChangeable(database.kysely, historyTables);
  if (changeable.length > 0) host.unprotected.add(name);
}

/**
 * Migrates a database as its owner, and grants its running role what that needs.
 * @throws Error when the two are one role, or the owner does not own the tables.
 */
export async function migrateAsOwner(
  { name, role, owner }: { name: string; role: string; owner: DatabaseUrl },
  migrations: Record<string, Migration>,
): Promise<void> {
  const [running, owning] = [variableOf(name, 'DATABASE_URL'), variableOf(name, 'DATABASE_OWNER_URL')];
  if (userOf(owner) === role)
    throw new Error(`${owning} and ${running} name the same role "${role}": use two roles, or leave ${owning} out`);
  try {
    await migrateToLatest({ url: owner }, migrations);
    await grantRunning(owner, role, protectedTables);
  } catch (error) {
    if ((error as { code?: string }).code !== insufficientPrivilege) throw error;
    throw new Error(
      `The role of ${owning} does not own the tables of ${name}: hand them over as docs/how-to/protect-the-log.md says`,
      { cause: error },
    );
  }
}

const userOf = (url: DatabaseUrl): string => decodeURIComponent(new URL(addressOf(url).current().url).username);

const insufficientPrivilege = '42501';
const undefinedTable = '42P01';
/** About a minute. */
const waiting = { backoff: { firstMs: 250, maxMs: 2_000 }, attempts: 32 };

async function untilMigrated(
  { logger }: Host,
  { name, database }: Opened,
  migrations: Record<string, Migration>,
): Promise<void> {
  const needed = Object.keys(migrations);
  const check = async (): Promise<void> => {
    const done = await migrationsOf(database);
    const missing = needed.filter((migration) => !done.includes(migration));
    if (missing.length === 0) return;
    throw new Error(
      `The database ${name} lacks ${missing.length} of ${needed.length} migrations (first ${missing[0]}), and the role` +
        ` "${userOf(database.url)}" may not run them: run "sagaworks migrate" with ${variableOf(name, 'DATABASE_OWNER_URL')} first`,
    );
  };
  const onRetry = ({ attempt, error }: { attempt: number; error: unknown }): void => {
    if (attempt === 1) logger.warn({ database: name, reason: (error as Error).message }, 'waiting for migrations');
  };
  await retryWithBackoff(check, { ...waiting, onRetry });
}

/** The migrations that have run; none where the table of them is not there, or is not shown to this role yet. */
async function migrationsOf({ kysely }: Opened['database']): Promise<string[]> {
  try {
    return (await selectCondition(kysely)).names;
  } catch (error) {
    if ([insufficientPrivilege, undefinedTable].includes(String((error as { code?: string }).code))) return [];
    throw error;
  }
}
