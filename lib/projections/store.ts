import { sql, type RawBuilder } from 'kysely';
import type { Queryable } from '../db/database';
import type { Write } from '../db/writes';

// Raw SQL: each of these is one round trip for many rows of whatever table a projection has.

/** A projection's table, in a schema. */
export interface Place {
  schema: string;
  table: string;
  key: readonly string[];
}

export const tableOf = ({ schema, table }: Place): RawBuilder<unknown> => sql`${sql.table(`${schema}.${table}`)}`;

/** Rows as a set, each column of the type that the table gives it: one parameter for any number of rows. */
const setOf = (place: Place, rows: readonly object[]): RawBuilder<unknown> =>
  sql`json_populate_recordset(null::${tableOf(place)}, ${JSON.stringify(rows)}::json)`;

const keysEqual = ({ key }: Place, left: string, right: string): RawBuilder<unknown> =>
  sql.join(
    key.map((column) => sql`${sql.ref(`${left}.${column}`)} = ${sql.ref(`${right}.${column}`)}`),
    sql` and `,
  );

export async function selectRows(db: Queryable, place: Place, keys: readonly object[]): Promise<object[]> {
  const { rows } = await sql<object>`
    select t.* from ${tableOf(place)} t join ${setOf(place, keys)} k on ${keysEqual(place, 't', 'k')}`.execute(db);
  return rows;
}

/** What writes rows, each with all its columns. */
export function rowsUpsert(place: Place, rows: readonly object[]): Write {
  const columns = Object.keys(rows[0] ?? {});
  const others = columns.filter((column) => !place.key.includes(column));
  const names = (list: readonly string[]) => sql.join(list.map((column) => sql.ref(column)));
  const assignments = others.map((column) => sql`${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`);
  return sql`
    insert into ${tableOf(place)} (${names(columns)})
    select ${names(columns)} from ${setOf(place, rows)}
    on conflict (${names(place.key)}) do ${others.length > 0 ? sql`update set ${sql.join(assignments)}` : sql`nothing`}`;
}

/** What takes rows away. */
export const rowsDelete = (place: Place, keys: readonly object[]): Write =>
  sql`delete from ${tableOf(place)} t using ${setOf(place, keys)} k where ${keysEqual(place, 't', 'k')}`;

/** How many rows, and a digest that is the same for the same rows in any order. */
interface Digest {
  count: number;
  digest: string;
}

async function digestOf(db: Queryable, place: Place): Promise<Digest> {
  const { rows } = await sql<Digest>`
    select count(*)::int as count, coalesce(sum(hashtextextended(t::text, 0)), 0)::text as digest
    from ${tableOf(place)} t`.execute(db);
  return rows[0] ?? { count: 0, digest: '0' };
}

/** A row that two tables do not agree on; undefined where it is missing. */
export interface RowDifference {
  key: Record<string, unknown>;
  live?: Record<string, unknown>;
  rebuilt?: Record<string, unknown>;
}

/** How many rows differ, and the first of them by key. */
export interface Comparison {
  count: number;
  first: RowDifference[];
}

type AnyRow = Record<string, unknown>;

/** Row by row what two tables do not agree on; cheap when they agree, because then their digests do. */
export async function compareTables(db: Queryable, live: Place, rebuilt: Place, shown = 20): Promise<Comparison> {
  const [ours, theirs] = [await digestOf(db, live), await digestOf(db, rebuilt)];
  if (ours.count === theirs.count && ours.digest === theirs.digest) return { count: 0, first: [] };
  const keys = live.key.map((column) => sql`coalesce(${sql.ref(`l.${column}`)}, ${sql.ref(`r.${column}`)})`);
  const { rows } = await sql<{ live: AnyRow | null; rebuilt: AnyRow | null; count: number }>`
    select to_jsonb(l) as live, to_jsonb(r) as rebuilt, count(*) over ()::int as count
    from ${tableOf(live)} l full join ${tableOf(rebuilt)} r on ${keysEqual(live, 'l', 'r')}
    where l is distinct from r
    order by ${sql.join(keys)} limit ${shown}`.execute(db);
  const first = rows.map((row) => ({
    key: Object.fromEntries(live.key.map((column) => [column, (row.live ?? row.rebuilt)?.[column]])),
    ...(row.live ? { live: row.live } : {}),
    ...(row.rebuilt ? { rebuilt: row.rebuilt } : {}),
  }));
  return { count: rows[0]?.count ?? 0, first };
}

/** How far a subscription is in these streams. */
export async function appliedVersions(
  db: Queryable,
  subscription: string,
  streams: readonly string[],
): Promise<Map<string, number>> {
  const { rows } = await sql<{ stream: string; version: number }>`
    select stream, version from inbox_streams
    where subscription = ${subscription} and stream = any(${streams}::text[])`.execute(db);
  return new Map(rows.map(({ stream, version }) => [stream, version]));
}

export async function countRows(db: Queryable, place: Place): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from ${tableOf(place)}`.execute(db);
  return rows[0]?.count ?? 0;
}
