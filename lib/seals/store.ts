import { sql } from 'kysely';
import type { Queryable } from '../db/database';
import { sealLock } from '../eventlog/redaction-migrations';
import { horizons } from '../eventlog/relay/log-reader-store';
import { positionOf, rangeDigest, sealHash, type SealedLog } from './digests';

// Raw SQL: entries are hashed where they are, so that none has to be fetched.

/** A seal, with its hashes in hexadecimal. */
export interface Seal {
  number: number;
  from: number;
  to: number;
  count: number;
  hash: string;
  previousHash: string;
}

const columns = sql`number, from_position as from, to_position as to, count, encode(hash, 'hex') as hash,
  encode(previous_hash, 'hex') as "previousHash"`;

/** Before the first seal. */
export const noHash = '';

/** Which of these tables a database has: one of an older release lacks some. */
export async function selectTables(db: Queryable, tables: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from unnest(${tables}::text[]) as name where to_regclass('public.' || name) is not null`.execute(db);
  return rows.map(({ name }) => name);
}

/** The seals of a log after one number, in order. */
export async function selectSeals(db: Queryable, log: SealedLog, after: number, limit: number): Promise<Seal[]> {
  const { rows } = await sql<Seal>`
    select ${columns} from log_seals where log = ${log} and number > ${after}::bigint order by number limit ${limit}`.execute(
    db,
  );
  return rows;
}

export async function selectLastSeal(db: Queryable, log: SealedLog): Promise<Seal | undefined> {
  const { rows } = await sql<Seal>`
    select ${columns} from log_seals where log = ${log} order by number desc limit 1`.execute(db);
  return rows[0];
}

/** The last position of a log that is committed; 0 when it is empty. */
export async function selectEnd(db: Queryable, log: SealedLog): Promise<number> {
  const position = positionOf(log);
  const { rows } = await sql<{ end: number }>`
    select coalesce(max(${position}), 0) as end from ${sql.table(log)}`.execute(db);
  return rows[0]?.end ?? 0;
}

/** The number that the next transaction gets. */
export async function selectNextTransaction(db: Queryable): Promise<string> {
  const { rows } = await sql<{ xid: string }>`select pg_snapshot_xmax(pg_current_snapshot()) as xid`.execute(db);
  return rows[0]?.xid ?? '0';
}

/** Whether every transaction of this database before that number has ended. */
export async function isPast(db: Queryable, xid: string): Promise<boolean> {
  const { rows } = await sql<{ past: boolean }>`select ${horizons.database} >= ${xid}::xid8 as past`.execute(db);
  return rows[0]?.past ?? false;
}

/** The last position of the next batch of a log, up to an end. */
export async function selectBatchEnd(
  db: Queryable,
  log: SealedLog,
  { after, end, size }: { after: number; end: number; size: number },
): Promise<number> {
  const position = positionOf(log);
  const { rows } = await sql<{ last: number }>`
    select ${position} as last from ${sql.table(log)}
    where ${position} > ${after}::bigint and ${position} <= ${end}::bigint
    order by ${position} offset ${size - 1} limit 1`.execute(db);
  return rows[0]?.last ?? end;
}

/** Keeps redactions and other sealers out until the transaction ends. */
export async function lockSeals(db: Queryable): Promise<void> {
  await sql`select pg_advisory_xact_lock(${sealLock})`.execute(db);
}

/**
 * Splits the events of a part of the log into what stays for ever and what a redaction may replace. The salt goes with the
 * redaction: without it, the digest says nothing about the person.
 */
export async function insertSalts(db: Queryable, { from, to }: { from: number; to: number }): Promise<void> {
  await sql`
    insert into event_salts (position, fields, salt, digest)
    select position, fields, salt, sha256(salt || convert_to(personal::text, 'UTF8'))
    from (
      select e.position, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) as salt,
        array(select key from jsonb_object_keys(e.data) as key where r.fields ? key order by 1) as fields,
        (select jsonb_object_agg(key, value) from jsonb_each(e.data) where r.fields ? key) as personal
      from events e join redactable_fields r on r.kind = split_part(e.stream, '-', 1)
      where e.position between ${from}::bigint and ${to}::bigint
    ) as split
    where personal is not null
    on conflict do nothing`.execute(db);
}

export async function insertSeal(
  db: Queryable,
  log: SealedLog,
  { number, from, to, previousHash }: Pick<Seal, 'number' | 'from' | 'to' | 'previousHash'>,
): Promise<void> {
  const previous = sql`decode(${previousHash}, 'hex')`;
  // The first seal covers all that stands before it, so that nothing can be put there.
  const range = { from: number === 1 ? undefined : from, to };
  await sql`
    insert into log_seals (log, number, from_position, to_position, count, hash, previous_hash)
    select ${log}, ${number}::bigint, ${from}::bigint, ${to}::bigint, count,
      ${sealHash(log, { number, from, to, previous })}, ${previous}
    from (${rangeDigest(log, range)}) as entries`.execute(db);
}

/** What a seal would be today: the number of its entries, and its hash. */
export async function recompute(
  db: Queryable,
  log: SealedLog,
  { number, from, to, previousHash }: Seal,
): Promise<Pick<Seal, 'count' | 'hash'>> {
  const previous = sql`decode(${previousHash}, 'hex')`;
  const range = { from: number === 1 ? undefined : from, to };
  const { rows } = await sql<Pick<Seal, 'count' | 'hash'>>`
    select count, encode(${sealHash(log, { number, from, to, previous })}, 'hex') as hash
    from (${rangeDigest(log, range)}) as entries`.execute(db);
  return rows[0] ?? { count: 0, hash: '' };
}

/** What one database has written down about the seals of another. */
export interface Witnessed {
  number: number;
  hash: string;
}

export async function insertWitness(
  db: Queryable,
  { database, log, number, hash }: Witnessed & { database: string; log: SealedLog },
): Promise<void> {
  await sql`
    insert into seal_witnesses (database, log, number, hash)
    values (${database}, ${log}, ${number}::bigint, decode(${hash}, 'hex')) on conflict do nothing`.execute(db);
}

export async function selectLastWitness(
  db: Queryable,
  database: string,
  log: SealedLog,
): Promise<Witnessed | undefined> {
  const { rows } = await sql<Witnessed>`
    select number, encode(hash, 'hex') as hash from seal_witnesses
    where database = ${database} and log = ${log} order by number desc limit 1`.execute(db);
  return rows[0];
}
