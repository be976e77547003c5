import type { Client } from 'pg';

/** A table of a database, with the columns that a statement may name. */
export interface Table {
  name: string;
  columns: string[];
}

export async function tablesOf(client: Client): Promise<Table[]> {
  const { rows } = await client.query<Table>(`
    select c.relname::text as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') group by c.relname order by 1`);
  return rows;
}

/** What a role may do to a table, each with a statement that changes nothing, or is rolled back. */
export const onTable: Record<string, (table: string) => string> = {
  select: (table) => `select * from ${table} limit 1`,
  delete: (table) => `delete from ${table} where false`,
  truncate: (table) => `truncate ${table}`,
  alter: (table) => `alter table ${table} add column added int`,
  drop: (table) => `drop table ${table} cascade`,
  rename: (table) => `alter table ${table} rename to renamed`,
  move: (table) => `alter table ${table} set schema pg_temp`,
  own: (table) => `alter table ${table} owner to current_user`,
  'disable triggers of': (table) => `alter table ${table} disable trigger user`,
  'put a trigger on': (table) =>
    `create trigger put before insert on ${table} execute function suppress_redundant_updates_trigger()`,
  'put a rule on': (table) => `create rule put as on delete to ${table} do instead nothing`,
  'put a policy on': (table) => `create policy put on ${table}`,
  index: (table) => `create index on ${table} ((1))`,
};

export const onColumn: Record<string, (table: string, column: string) => string> = {
  insert: (table, column) =>
    `insert into ${table} (${column}) overriding system value select ${column} from ${table} where false`,
  update: (table, column) => `update ${table} set ${column} = default where false`,
};

/** What a role may do in its database, and to the server. */
export const anywhere: Record<string, string> = {
  'create a table': 'create table made ()',
  'create a view': 'create view made as select 1',
  'create a schema': 'create schema made',
  'create a function': `create function made() returns int language sql as 'select 1'`,
  'create an operator': 'create operator public.=== (leftarg = int, rightarg = int, function = int4eq)',
  'create a type': 'create type made as (a int)',
  'create a temporary table': 'create temporary table made ()',
  'create an event trigger': 'create event trigger made on ddl_command_end execute function pg_catalog.now()',
  'create a role': 'create role made_by_a_service',
  'become a superuser': 'alter role current_user superuser',
  'switch off triggers': 'set session_replication_role = replica',
  'read files of the server': `select pg_read_file('postgresql.conf')`,
  'run programs on the server': `copy (select 1) to program 'true'`,
  'become the administrator': 'set role postgres',
  'change the search path of all': `do $$ begin execute format('alter database %I set search_path = public', current_database()); end $$`,
  'own the database': `do $$ begin execute format('alter database %I owner to current_user', current_database()); end $$`,
};

/** Whether PostgreSQL lets a role do something; any other error than a missing privilege means that it does. */
export async function isAllowed(client: Client, statement: string): Promise<boolean> {
  try {
    await client.query(`begin; ${statement}; rollback`);
    return true;
  } catch (error) {
    await client.query('rollback');
    return (error as { code?: string }).code !== '42501';
  }
}
