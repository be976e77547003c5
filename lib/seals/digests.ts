import { sql, type RawBuilder } from 'kysely';

/** The logs that are sealed: the events of a service, and what operators did. */
export const sealedLogs = ['events', 'ops_audit'] as const;
export type SealedLog = (typeof sealedLogs)[number];

/** A part of a log by its positions, both inclusive; without a beginning, from before the first. */
export interface Range {
  from: number | undefined;
  to: number;
}

/** The column that numbers the entries of a log. */
export const positionOf = (log: SealedLog): RawBuilder<number> =>
  log === 'events' ? sql.ref('position') : sql.ref('id');

const within = (column: RawBuilder<unknown>, { from, to }: Range) =>
  sql`${column} <= ${to}::bigint ${from === undefined ? sql`` : sql`and ${column} >= ${from}::bigint`}`;

/** Text that is the same in every session, whatever its time zone. */
const timeText = (column: string) => sql`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')`;
const sha256 = (text: RawBuilder<unknown>) => sql`sha256(convert_to(${text}, 'UTF8'))`;

/**
 * Of each event, a digest of everything but its personal fields and of these, apart: they can be redacted, and the event
 * still be proved. The transaction's number is left out, because restoring a dump changes it.
 */
const eventDigests = (range: Range) => sql`
  select e.position, sha256(
    ${sha256(sql`jsonb_build_array(e.position, e.event_id, e.stream, e.version, e.type, e.data_version,
      e.data - coalesce(s.fields, '{}'), e.metadata, ${timeText('e.time')})::text`)}
    || case
      when s.position is null then ''::bytea
      when is_redacted then s.digest
      else coalesce(sha256(s.salt || convert_to(personal::text, 'UTF8')), ''::bytea)
    end
  ) as digest
  from events e
  left join event_salts s on s.position = e.position
  left join lateral (
    select jsonb_object_agg(key, value) as personal from jsonb_each(e.data) where key = any(s.fields)
  ) as of_person on s.position is not null
  left join lateral (
    select personal = (select jsonb_object_agg(key, value) from jsonb_each(r.fields) where key = any(s.fields))
      and exists (select from events x where x.stream = e.stream and x.type = r.erased_by) as is_redacted
    from redactable_fields r where r.kind = split_part(e.stream, '-', 1)
  ) as of_kind on s.position is not null
  where ${within(sql.ref('e.position'), range)}`;

const auditDigests = (range: Range) => sql`
  select id as position, ${sha256(sql`jsonb_build_array(id, ${timeText('time')}, actor, action, target, request::text,
    outcome::text, completes)::text`)} as digest
  from ops_audit where ${within(sql.ref('id'), range)}`;

/** The number of entries in a part of a log, and a digest of them all, in their order: one row. */
export const rangeDigest = (log: SealedLog, range: Range): RawBuilder<unknown> => sql`
  select count(*)::int as count, sha256(coalesce(string_agg(digest, ''::bytea order by position), ''::bytea)) as digest
  from (${log === 'events' ? eventDigests(range) : auditDigests(range)}) as entries`;

/** The hash of a seal: of the one before it, of where it stands and what it covers, and of the entries. */
export const sealHash = (
  log: SealedLog,
  { number, from, to, previous }: { number: number; from: number; to: number; previous: RawBuilder<unknown> },
): RawBuilder<unknown> => sql`
  sha256(${previous} || digest || convert_to(concat_ws('|', ${log}::text, ${number}::bigint, ${from}::bigint,
    ${to}::bigint, count), 'UTF8'))`;
