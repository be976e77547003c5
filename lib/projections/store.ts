import { sql, type RawBuilder } from 'kysely';
import type { Queryable } from '../db/database';
import type { Write } from '../db/writes';

// Raw SQL: each function is one round trip for many rows of any projection's table.

/** The table of a projection in a schema: the live one, or the shadow table. */
export interface TableRef {
  schema: string;
  table: string;
  key: readonly string[];
}

export const tableOf = ({ schema, table }: TableRef): RawBuilder<unknown> => sql`${sql.table(`${schema}.${table}`)}`;

/** Rows as a set, with the column types of the table: one parameter for any number of rows. */
const setOf = (ref: TableRef, rows: readonly object[]): RawBuilder<unknown> =>
  sql`json_populate_recordset(null::${tableOf(ref)}, ${JSON.stringify(rows)}::json)`;

const keysEqual = ({ key }: TableRef, left: string, right: string): RawBuilder<unknown> =>
  sql.join(
    key.map((column) => sql`${sql.ref(`${left}.${column}`)} = ${sql.ref(`${right}.${column}`)}`),
    sql` and `,
  );

export async function selectRows(db: Queryable, ref: TableRef, keys: readonly object[]): Promise<object[]> {
  const { rows } = await sql<object>`
    select t.* from ${tableOf(ref)} t join ${setOf(ref, keys)} k on ${keysEqual(ref, 't', 'k')}`.execute(db);
  return rows;
}

/** Inserts or updates rows, each with all its columns. */
export function rowsUpsert(ref: TableRef, rows: readonly object[]): Write {
  const columns = Object.keys(rows[0] ?? {});
  const others = columns.filter((column) => !ref.key.includes(column));
  const names = (list: readonly string[]) => sql.join(list.map((column) => sql.ref(column)));
  const assignments = others.map((column) => sql`${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`);
  return sql`
    insert into ${tableOf(ref)} (${names(columns)})
    select ${names(columns)} from ${setOf(ref, rows)}
    on conflict (${names(ref.key)}) do ${others.length > 0 ? sql`update set ${sql.join(assignments)}` : sql`nothing`}`;
}

/** Deletes rows. */
export const rowsDelete = (ref: TableRef, keys: readonly object[]): Write =>
  sql`delete from ${tableOf(ref)} t using ${setOf(ref, keys)} k where ${keysEqual(ref, 't', 'k')}`;

/** The number of rows, and a digest of the set of rows, however they are sorted. */
interface Digest {
  count: number;
  digest: string;
}

async function digestOf(db: Queryable, ref: TableRef): Promise<Digest> {
  const { rows } = await sql<Digest>`
    select count(*)::int as count, coalesce(sum(hashtextextended(t::text, 0)), 0)::text as digest
    from ${tableOf(ref)} t`.execute(db);
  return rows[0] ?? { count: 0, digest: '0' };
}

/** A row that differs between two tables; undefined where it is missing. */
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

/** Compares two tables row by row; cheap when they are equal, because then their digests are. */
export async function compareTables(db: Queryable, live: TableRef, rebuilt: TableRef, shown = 20): Promise<Comparison> {
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

/** The versions that a subscription has applied in these streams. */
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

export async function countRows(db: Queryable, ref: TableRef): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from ${tableOf(ref)}`.execute(db);
  return rows[0]?.count ?? 0;
}
