import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The lock that keeps redactions and seals apart: a seal holds either all or nothing of a redaction. */
export const sealLock = sql`hashtextextended('log seals', 0)`;

/** Called by whichever migration comes first, as each service's migrations are sorted by their names. */
const createFields = (db: Kysely<unknown>) =>
  sql`
    create table if not exists redactable_fields (
      kind text primary key,
      fields jsonb not null,
      erased_by text not null
    )`.execute(db);

/**
 * The one way in which the running role can change recorded events. The function runs as the owner of the log, and
 * leaves nothing to its caller: what is replaced, and by what, was declared by a migration.
 */
const redaction: Migration = {
  async up(db: Kysely<unknown>) {
    await createFields(db);
    // What proves the personal fields of a sealed event after they have been replaced (docs/decisions/16-log-seals.md).
    await sql`
      create table event_salts (
        position bigint primary key,
        fields text[] not null,
        salt bytea,
        digest bytea not null
      )`.execute(db);
    await sql`
      create function redact_stream(wanted text, requested_by text) returns void
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      declare
        rule public.redactable_fields;
      begin
        select * into rule from public.redactable_fields where kind = split_part(wanted, '-', 1);
        if not found then
          raise exception 'The stream % has no fields that may be redacted', wanted
            using errcode = 'insufficient_privilege';
        end if;
        if not exists (select from public.events e where e.stream = wanted and e.type = rule.erased_by) then
          raise exception 'The stream % has no % and may not be redacted', wanted, rule.erased_by
            using errcode = 'insufficient_privilege';
        end if;
        perform pg_advisory_xact_lock(${sealLock});
        with redacted as (
          update public.events e
          set data = e.data || (select jsonb_object_agg(key, value) from jsonb_each(rule.fields) where e.data ? key)
          where e.stream = wanted and e.data ?| array(select jsonb_object_keys(rule.fields))
          returning e.position
        ), unsalted as (
          update public.event_salts s set salt = null from redacted where s.position = redacted.position
        )
        insert into public.redactions (stream, fields, events, actor)
        select wanted, array(select jsonb_object_keys(rule.fields) order by 1), count(*), requested_by from redacted;
      end $$`.execute(db);
    await sql`revoke execute on function redact_stream(text, text) from public`.execute(db);
  },
};

/**
 * A migration that declares the personal fields of a kind of stream.
 * @param erasedBy the type of the event without which nothing is redacted.
 * @param replacements what replaces each field; it must fit the schemas of the events.
 * @example users_0002_personal: personalFields('user', 'user.erased', { name: 'erased' })
 */
export const personalFields = (kind: string, erasedBy: string, replacements: Record<string, string>): Migration => ({
  async up(db: Kysely<unknown>) {
    await createFields(db);
    await sql`
      insert into redactable_fields (kind, fields, erased_by)
      values (${kind}, ${JSON.stringify(replacements)}::jsonb, ${erasedBy})`.execute(db);
  },
});

export const redactionMigrations: Record<string, Migration> = { eventlog_0005_redact_stream: redaction };
