import { sql } from 'kysely';
import type { Queryable } from '../../db/database';

// Raw SQL, because the table is in a database whose table types this library does not know.

/** An API key as it is stored, without its hash. */
export interface StoredKey {
  keyId: string;
  name: string;
  prefix: string;
  scopes: string[];
  createdAt: Date;
  createdBy: string;
  expiresAt: Date;
  revokedAt: Date | null;
}

const columns = sql.raw(
  'key_id as "keyId", name, prefix, scopes, created_at as "createdAt", created_by as "createdBy", ' +
    'expires_at as "expiresAt", revoked_at as "revokedAt"',
);

/** False when there are already as many valid keys as there may be. */
export async function insertKey(
  db: Queryable,
  key: Omit<StoredKey, 'revokedAt'> & { hash: Buffer },
  mostValid: number,
): Promise<boolean> {
  const { keyId, name, prefix, hash, scopes, createdAt, createdBy, expiresAt } = key;
  const { rows } = await sql`
    insert into api_keys (key_id, name, prefix, hash, scopes, created_at, created_by, expires_at)
    select ${keyId}, ${name}, ${prefix}, ${hash}, ${scopes}::text[], ${createdAt}, ${createdBy}, ${expiresAt}
    where (select count(*) from api_keys where revoked_at is null and expires_at > ${createdAt}) < ${mostValid}
    returning key_id`.execute(db);
  return rows.length > 0;
}

/** Newest first. */
export async function selectKeys(db: Queryable, limit: number): Promise<StoredKey[]> {
  const { rows } = await sql<StoredKey>`
    select ${columns} from api_keys order by created_at desc, key_id desc limit ${limit}`.execute(db);
  return rows;
}

/** The keys that are valid, with their hashes in hex. */
export async function selectValidKeys(db: Queryable): Promise<(StoredKey & { hash: string })[]> {
  const { rows } = await sql<StoredKey & { hash: string }>`
    select ${columns}, encode(hash, 'hex') as hash from api_keys
    where revoked_at is null and expires_at > clock_timestamp()`.execute(db);
  return rows;
}

/** When the key was revoked, now or earlier; undefined when there is no such key. */
export async function revokeKey(db: Queryable, keyId: string, now: Date): Promise<Date | undefined> {
  const { rows } = await sql<{ revokedAt: Date }>`
    update api_keys set revoked_at = coalesce(revoked_at, ${now}) where key_id = ${keyId}
    returning revoked_at as "revokedAt"`.execute(db);
  return rows[0]?.revokedAt;
}
