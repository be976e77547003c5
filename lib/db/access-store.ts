import { sql } from 'kysely';
import type { Queryable } from './database';

/** What a role may do in a database beyond its rows. */
export interface Access {
  role: string;
  /** It may create tables, so it can run migrations. */
  migrates: boolean;
}

export async function selectAccess(db: Queryable): Promise<Access> {
  const { rows } = await sql<Access>`
    select current_user::text as role, has_schema_privilege('public', 'create') as migrates`.execute(db);
  return rows[0] ?? { role: '', migrates: false };
}

/** Which of these tables the role of this connection may change, and not only add to. */
export async function selectChangeable(db: Queryable, tables: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select relname::text as name from pg_class
    where relnamespace = 'public'::regnamespace and relname = any(${tables}::text[])
      and has_table_privilege(oid, 'update, delete, truncate')
    order by 1`.execute(db);
  return rows.map(({ name }) => name);
}
