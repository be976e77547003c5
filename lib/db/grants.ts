import { sql, type Kysely } from 'kysely';
import { retryWithBackoff } from '../async/backoff';
import type { DatabaseUrl } from './address';
import type { AppendOnly } from './append-only';
import { openDatabase, type Queryable } from './database';
import { isGranted } from './granted-store';

/** The migrator's own tables: the running role looks whether all has been migrated. */
const migratorTables: AppendOnly = { kysely_migration: [], kysely_migration_lock: [] };

/**
 * Grants a running role what its process needs in a database, as the owner of the tables: to read and write rows, but in
 * the append-only tables only to add them, and to call the functions that act for it. Can be repeated.
 * @throws PostgreSQL's error when there is no such role.
 */
export async function grantRunning(owner: DatabaseUrl, role: string, appendOnly: AppendOnly): Promise<void> {
  const database = openDatabase<unknown>({ url: owner, name: 'grants', poolSize: 1 });
  const protectedTables = { ...appendOnly, ...migratorTables };
  const grant = () => database.kysely.transaction().execute((trx) => grantIn(trx, sql.id(role), protectedTables));
  try {
    if (await isGranted(database.kysely, role, protectedTables)) return;
    await retryWithBackoff(grant, { backoff: { firstMs: 50, maxMs: 500 }, attempts: 5, isRetryable: isRace });
  } finally {
    await database.close();
  }
}

/** PostgreSQL has no code of its own for it; a rebuild may be swapping a table. */
const isRace = (error: unknown): boolean => (error as Error).message.includes('concurrently');

async function grantIn(trx: Kysely<unknown>, role: Identifier, appendOnly: AppendOnly): Promise<void> {
  // Processes that start together grant one after another.
  await sql`select pg_advisory_xact_lock(hashtextextended('grants', 0))`.execute(trx);
  for (const { schema, tables } of await selectTables(trx)) {
    await sql`grant usage on schema ${sql.id(schema)} to ${role}`.execute(trx);
    const free = tables.filter((table) => schema !== 'public' || !(table in appendOnly));
    await grantOn(trx, role, sql`select, insert, update, delete`, schema, free);
    if (schema !== 'public') continue;
    for (const table of tables.filter((one) => one in appendOnly))
      await protect(trx, role, table, appendOnly[table] ?? []);
  }
  for (const { signature } of await selectFunctions(trx))
    await sql`grant execute on function ${sql.raw(signature)} to ${role}`.execute(trx);
  await sql`grant usage on all sequences in schema public to ${role}`.execute(trx);
}

type Identifier = ReturnType<typeof sql.id>;

async function protect(db: Queryable, role: Identifier, table: string, columns: readonly string[]): Promise<void> {
  const name = sql.id('public', table);
  await sql`revoke all on ${name} from ${role}`.execute(db);
  await sql`grant select on ${name} to ${role}`.execute(db);
  if (columns.length === 0) return;
  await sql`grant insert (${sql.join(columns.map((column) => sql.id(column)))}) on ${name} to ${role}`.execute(db);
}

async function grantOn(
  db: Queryable,
  role: Identifier,
  privileges: ReturnType<typeof sql>,
  schema: string,
  tables: readonly string[],
): Promise<void> {
  if (tables.length === 0) return;
  const names = sql.join(tables.map((table) => sql.id(schema, table)));
  await sql`grant ${privileges} on ${names} to ${role}`.execute(db);
}

/** The tables that the owner has, also the shadow tables of read models. */
async function selectTables(db: Queryable): Promise<{ schema: string; tables: string[] }[]> {
  const { rows } = await sql<{ schema: string; tables: string[] }>`
    select n.nspname::text as schema, coalesce(array_agg(c.relname::text) filter (where c.oid is not null), '{}') as tables
    from pg_namespace n
    left join pg_class c on c.relnamespace = n.oid and c.relkind in ('r', 'p') and pg_has_role(c.relowner, 'usage')
    where n.nspname = 'public' or (n.nspname like 'aside\\_%' and pg_has_role(n.nspowner, 'usage'))
    group by n.nspname`.execute(db);
  return rows;
}

/** The functions that run as the owner. */
async function selectFunctions(db: Queryable): Promise<{ signature: string }[]> {
  const { rows } = await sql<{ signature: string }>`
    select oid::regprocedure::text as signature from pg_proc
    where pronamespace = 'public'::regnamespace and prosecdef and pg_has_role(proowner, 'usage')`.execute(db);
  return rows;
}
