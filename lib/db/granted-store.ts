import { sql } from 'kysely';
import type { Queryable } from './database';
import type { AppendOnly } from './append-only';

interface Granted {
  name: string;
  protects: boolean;
  selects: boolean;
  deletes: boolean;
  /** Rows can be changed, and not only added. */
  changes: boolean;
  /** The columns that can be set in new rows. */
  inserts: string[];
}

/**
 * Whether a running role has exactly what it needs in the database of this connection. Then there is nothing to grant:
 * starts change no catalogue, and succeed on a database that is read-only.
 */
export async function isGranted(db: Queryable, role: string, appendOnly: AppendOnly): Promise<boolean> {
  const tables = await selectGranted(db, role);
  const isRight = ({ name, protects, selects, deletes, changes, inserts }: Granted): boolean => {
    const columns = protects ? appendOnly[name] : undefined;
    if (!columns) return selects && deletes && changes;
    return selects && !changes && [...columns].sort().join() === inserts.join();
  };
  return tables.every(isRight) && !(await lacksFunction(db, role));
}

async function selectGranted(db: Queryable, role: string): Promise<Granted[]> {
  const { rows } = await sql<Granted>`
    select c.relname::text as name, n.nspname = 'public' as protects,
      has_schema_privilege(${role}, n.oid, 'usage') and has_table_privilege(${role}, c.oid, 'select') as selects,
      has_table_privilege(${role}, c.oid, 'delete') as deletes,
      has_table_privilege(${role}, c.oid, 'update, delete, truncate') as changes,
      array(
        select attname::text from pg_attribute a
        where a.attrelid = c.oid and attnum > 0 and not attisdropped
          and has_column_privilege(${role}, c.oid, attnum, 'insert')
        order by attname::text collate "C"
      ) as inserts
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and pg_has_role(c.relowner, 'usage')
      and (n.nspname = 'public' or n.nspname like 'aside\\_%')`.execute(db);
  return rows;
}

async function lacksFunction(db: Queryable, role: string): Promise<boolean> {
  const { rows } = await sql<{ lacks: boolean }>`
    select exists (
      select from pg_proc where pronamespace = 'public'::regnamespace and prosecdef and pg_has_role(proowner, 'usage')
        and not has_function_privilege(${role}, oid, 'execute')
    ) as lacks`.execute(db);
  return rows[0]?.lacks ?? true;
}
