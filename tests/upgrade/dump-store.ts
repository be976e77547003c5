import type { Client } from 'pg';
import { withClient } from '../../infra/local/databases';

/** What a dump can say of a schema; anything else in it would be lost, so it is refused. */
const strangers = `
  select 'relation ' || c.relname as what from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind not in ('r', 'i', 'S')
  union all select 'type ' || typname from pg_type where typnamespace = 'public'::regnamespace and typtype in ('e', 'd')
  union all select 'trigger ' || tgname from pg_trigger where not tgisinternal
  union all select 'schema ' || nspname from pg_namespace where nspname !~ '^pg_' and nspname not in ('public', 'information_schema')
  union all select 'extension ' || extname from pg_extension where extname <> 'plpgsql'`;

const tablesWithColumns = `
  select c.oid, quote_ident(c.relname) as name, format(E'create table %I (\\n%s\\n)%s;', c.relname,
    string_agg(format('  %I %s', a.attname, format_type(a.atttypid, a.atttypmod))
      || case when a.attidentity <> '' then ' generated always as identity' else '' end
      || case when a.attgenerated <> '' then ' generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ') stored'
              when d.adbin is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) else '' end
      || case when a.attnotnull then ' not null' else '' end, E',\\n' order by a.attnum),
    ' with (' || array_to_string(c.reloptions, ', ') || ')') as ddl,
    string_agg(quote_ident(a.attname), ', ' order by a.attnum) filter (where a.attgenerated = '') as columns
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
  group by c.oid order by c.relname`;

const functions = `
  select pg_get_functiondef(oid) || ';' as ddl from pg_proc where pronamespace = 'public'::regnamespace order by proname`;

/** Foreign keys last: they need the others. */
const constraints = `
  select format('alter table %s add constraint %I %s;', conrelid::regclass, conname, pg_get_constraintdef(oid)) as ddl
  from pg_constraint where connamespace = 'public'::regnamespace and contype in ('p', 'u', 'c', 'f', 'x')
  order by contype = 'f', conrelid::regclass::text, conname`;

const indexes = `
  select pg_get_indexdef(i.indexrelid) || ';' as ddl from pg_index i join pg_class c on c.oid = i.indexrelid
  where c.relnamespace = 'public'::regnamespace
    and not exists (select from pg_constraint where conindid = i.indexrelid and contype in ('p', 'u', 'x'))
  order by c.relname`;

const sequences = `
  select format('select setval(%L, %s);', format('%I', sequencename), last_value) as ddl
  from pg_sequences where schemaname = 'public' and last_value is not null order by sequencename`;

/**
 * A database as SQL that makes it again in an empty one: tables, rows (one a line), constraints, indexes, sequences, functions.
 * Instead of pg_dump, which is in none of the packages that the stack is made of.
 * @throws when the database has something that this cannot write, such as a view or a trigger.
 */
export const dumpDatabase = (url: string): Promise<string> =>
  withClient(url, async (client) => {
    const ddl = async (query: string): Promise<string[]> =>
      (await client.query<{ ddl: string }>(query)).rows.map((row) => row.ddl);
    await client.query('begin isolation level repeatable read read only');
    const { rows: unknown } = await client.query<{ what: string }>(strangers);
    if (unknown.length > 0) throw new Error(`A dump cannot hold ${unknown.map(({ what }) => what).join(', ')}`);
    const { rows: tables } = await client.query<{ name: string; ddl: string; columns: string }>(tablesWithColumns);
    const lines: string[] = [];
    for (const { name, ddl: create, columns } of tables) lines.push(create, ...(await rowsOf(client, name, columns)));
    return [
      ...lines,
      ...(await ddl(constraints)),
      ...(await ddl(indexes)),
      ...(await ddl(sequences)),
      ...(await ddl(functions)),
      '',
    ].join('\n');
  });

async function rowsOf(client: Client, table: string, columns: string): Promise<string[]> {
  const { rows } = await client.query<{ row: string }>(
    `select row_to_json(r)::text as row from (select ${columns} from ${table}) r order by 1`,
  );
  if (rows.length === 0) return [];
  const json = client.escapeLiteral(`[\n${rows.map(({ row }) => row).join(',\n')}\n]`);
  const from = `select ${columns} from json_populate_recordset(null::${table}, ${json})`;
  return [`insert into ${table} (${columns}) overriding system value ${from};`];
}

/** The newest transaction of a server: a log's order, and its relay's place in it, are told in their numbers. */
export const newestTransaction = (url: string): Promise<number> =>
  withClient(url, async (client) => {
    const { rows } = await client.query<{ xid: string }>('select pg_current_xact_id()::text as xid');
    return Number(rows[0]?.xid);
  });
