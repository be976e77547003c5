import { sql } from 'kysely';
import type { Queryable } from '../../db/database';
import type { Cursor } from '../cursor';
import { channels } from '../wake-store';

// Raw SQL: each of these must be one round trip.

/** The right to publish one log, held by one relay until it expires. Every new holder gets a higher fence. */
export interface Lease {
  name: string;
  owner: string;
  fence: number;
}

/** Makes the relay's row, once ever. */
export async function insertRelay(db: Queryable, name: string): Promise<void> {
  await sql`insert into relays (name) values (${name}) on conflict do nothing`.execute(db);
}

/** Takes a lease that is free or has expired, with the cursor where its last holder left it; undefined while it is held. */
export async function takeLease(
  db: Queryable,
  name: string,
  owner: string,
  leaseMs: number,
): Promise<{ lease: Lease; start: Cursor } | undefined> {
  const { rows } = await sql<Cursor & { fence: number }>`
    update relays
    set owner = ${owner}, fence = fence + 1, expires_at = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    where name = ${name} and expires_at <= clock_timestamp()
    returning fence, cursor_xid as xid, cursor_position as position`.execute(db);
  const [taken] = rows;
  return taken && { lease: { name, owner, fence: taken.fence }, start: taken };
}

/** Moves the cursor and extends the lease; false when the lease is another's by now. */
export async function saveCursor(db: Queryable, lease: Lease, cursor: Cursor, leaseMs: number): Promise<boolean> {
  const { rows } = await sql`
    update relays
    set cursor_xid = ${cursor.xid}::xid8, cursor_position = ${cursor.position},
      expires_at = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    where name = ${lease.name} and owner = ${lease.owner} and fence = ${lease.fence}
    returning fence`.execute(db);
  return rows.length > 0;
}

/** Moves the cursor a last time and ends the lease; relays that wait for it are told. Another's lease is left alone. */
export async function releaseLease(db: Queryable, lease: Lease, cursor: Cursor): Promise<void> {
  await sql`
    update relays
    set cursor_xid = ${cursor.xid}::xid8, cursor_position = ${cursor.position}, expires_at = '-infinity'
    where name = ${lease.name} and owner = ${lease.owner} and fence = ${lease.fence}
    returning pg_notify(${channels.relays}, '')`.execute(db);
}
