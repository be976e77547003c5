import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * A function that runs as the owner of the tables, so that the running role can rebuild read models without owning
 * anything. Names reach its statements through `format` only.
 */
const asOwner = (signature: string, declarations: string, body: string): RawBuilder<unknown>[] => {
  const types = signature.replace(/\w+ (\w+(\[\])?)(?=[,)])/g, '$1');
  return [
    sql`
      create function ${sql.raw(signature)} returns void
      language plpgsql security definer set search_path = pg_catalog, pg_temp as ${sql.lit(
        `declare ${declarations} begin perform public.check_shadow(s, t); ${body} end`,
      )}`,
    sql`revoke execute on function ${sql.raw(types)} from public`,
  ];
};

/** A shadow table is that of a table whose rows the caller may change anyway: never of a log. */
const check = [
  sql`
    create function check_shadow(s text, t text) returns void
    language plpgsql set search_path = pg_catalog, pg_temp as $$
    declare
      live oid := (select oid from pg_class where relnamespace = 'public'::regnamespace and relname = t and relkind = 'r');
    begin
      if s not like 'aside\\_%' or live is null
        or not has_table_privilege(session_user, live, 'update')
        or not has_table_privilege(session_user, live, 'delete')
      then
        raise exception '% may not rebuild the table % in the schema %', session_user, t, s
          using errcode = 'insufficient_privilege';
      end if;
    end $$`,
  sql`revoke execute on function check_shadow(text, text) from public`,
];

/** Whoever may read or write the live table may do so with its shadow table, which takes its place. */
const copyGrants = `
  for grantee, privilege in
    select a.grantee::regrole::text, a.privilege_type from pg_class c, aclexplode(c.relacl) a
    where c.oid = format('public.%I', t)::regclass and a.grantee not in (0, c.relowner)
  loop
    execute format('grant %s on %I.%I to %s', privilege, s, t, grantee);
    if privilege = 'DELETE' then
      execute format('grant usage on schema %I to %s', s, grantee);
      execute format('grant select, insert, update, delete on %I.folded_streams to %s', s, grantee);
    end if;
  end loop;`;

const create = asOwner(
  'create_shadow(s text, t text, key text[])',
  'grantee text; privilege text;',
  `
  execute format('drop schema if exists %I cascade', s);
  execute format('create schema %I', s);
  execute format('create table %I.%I (like public.%I including all excluding indexes)', s, t, t);
  execute format('alter table %I.%I add constraint %I primary key (%s)', s, t, t || '_pkey',
    (select string_agg(quote_ident(k), ', ') from unnest(key) k));
  execute format('create table %I.folded_streams (stream text primary key, version int not null)', s);
  execute format('create function %I.forget() returns trigger language plpgsql as %L', s,
    format('begin delete from %I.%I where %s; return null; end', s, t,
      (select string_agg(format('%1$I = old.%1$I', k), ' and ') from unnest(key) k)));
  ${copyGrants}`,
);

const mirror = asOwner(
  'mirror_deletes(s text, t text)',
  '',
  `execute format('create trigger forget_aside after delete on public.%I for each row execute function %I.forget()', t, s);`,
);

const index = asOwner(
  'index_shadow(s text, t text, uniques boolean)',
  'definition text;',
  `
  for definition in
    select pg_get_indexdef(i.indexrelid) from pg_index i
    where i.indrelid = format('public.%I', t)::regclass and not i.indisprimary and i.indisunique = uniques
      and not exists (
        select from pg_class theirs join pg_class ours on ours.relname = theirs.relname
        where theirs.oid = i.indexrelid and ours.relnamespace = s::regnamespace
      )
  loop
    execute replace(definition, format(' ON public.%I ', t), format(' ON %I.%I ', s, t));
  end loop;`,
);

const analyze = asOwner('analyze_shadow(s text, t text)', '', `execute format('analyze %I.%I', s, t);`);

/** While a shadow table follows its events, two rows may briefly have the same unique value: it has no such index. */
const swap = asOwner(
  'swap_shadow(s text, t text)',
  "between_schema text := s || '_between'; unwanted text;",
  `
  execute format('drop trigger if exists forget_aside on public.%I', t);
  execute format('create schema %I', between_schema);
  execute format('alter table public.%I set schema %I', t, between_schema);
  execute format('alter table %I.%I set schema public', s, t);
  execute format('alter table %I.%I set schema %I', between_schema, t, s);
  execute format('drop schema %I', between_schema);
  for unwanted in
    select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid
    where i.indrelid = format('%I.%I', s, t)::regclass and i.indisunique and not i.indisprimary
  loop
    execute format('drop index %I.%I', s, unwanted);
  end loop;
  perform public.mirror_deletes(s, t);`,
);

/** What a rebuild does to tables that its process does not own. */
export const shadowFunctions: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of [...check, ...create, ...mirror, ...index, ...analyze, ...swap])
      await statement.execute(db);
  },
};
