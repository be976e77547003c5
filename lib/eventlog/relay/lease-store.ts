import { sql } from 'kysely';
import type { Queryable } from '../../db/database';
import { platformError } from '../../errors/errors';
import type { Cursor } from '../events';
import { channels } from '../commit-notifier';

// Raw SQL: each of these must be one round trip.

/** The right to publish one log, held by one relay until it expires. Every new holder gets a higher fencing number. */
export interface Lease {
  name: string;
  owner: string;
  fence: number;
}

/** Creates the relay's row, unless it exists. */
export async function insertRelay(db: Queryable, name: string): Promise<void> {
  await sql`insert into relays (name) values (${name}) on conflict do nothing`.execute(db);
}

/**
 * Takes a lease that is free or has expired, with the cursor of its last holder; undefined while another relay holds
 * it.
 */
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

/** Moves the cursor and extends the lease; false when another relay has taken the lease. */
export async function saveCursor(db: Queryable, lease: Lease, cursor: Cursor, leaseMs: number): Promise<boolean> {
  const { rows } = await sql`
    update relays
    set cursor_xid = ${cursor.xid}::xid8, cursor_position = ${cursor.position},
      expires_at = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    where name = ${lease.name} and owner = ${lease.owner} and fence = ${lease.fence}
    returning fence`.execute(db);
  return rows.length > 0;
}

/**
 * Writes the cursor a last time, ends the lease and notifies waiting relays. A lease of another relay is left alone.
 */
export async function releaseLease(db: Queryable, lease: Lease, cursor: Cursor): Promise<void> {
  await sql`
    update relays
    set cursor_xid = ${cursor.xid}::xid8, cursor_position = ${cursor.position}, expires_at = '-infinity'
    where name = ${lease.name} and owner = ${lease.owner} and fence = ${lease.fence}
    returning pg_notify(${channels.relays}, '')`.execute(db);
}

/** A lease at the moment it was taken. */
export interface LeaseGrant {
  lease: Lease;
  /** Where its last holder left the cursor. */
  start: Cursor;
  /** When it was requested, by `performance.now()`. */
  takenAt: number;
}

/** A lease being held: the cursor is written as it moves, and the lease is renewed in time when it does not. */
export interface HeldLease {
  /** The cursor is written within `saveAfterMs`; after a crash, what was published meanwhile is published again. */
  cursorMoved(): void;
  /** By this process's own clock: after a stall it is false without asking the database. */
  isHeld(): boolean;
  /** Writes the cursor a last time and ends the lease, so that the next leader starts at once. */
  release(): Promise<void>;
}

/** Holds a lease. @param onLost called when another relay has taken it, or it cannot be renewed */
export function holdLease(
  { db, tuning: { leaseMs, saveAfterMs } }: { db: Queryable; tuning: { leaseMs: number; saveAfterMs: number } },
  { lease, takenAt }: LeaseGrant,
  { cursor, onLost }: { cursor: () => Cursor; onLost: (error: Error) => void },
): HeldLease {
  let heldUntil = takenAt + leaseMs;
  let saving: Promise<void> | undefined;
  let scheduled: NodeJS.Timeout | undefined;
  let again = false;
  let isReleased = false;

  async function write(): Promise<void> {
    const asked = performance.now();
    const isOurs = await saveCursor(db, lease, cursor(), leaseMs);
    heldUntil = isOurs ? asked + leaseMs : 0;
    if (!isOurs) throw leaseLost(lease);
  }

  /** One write at a time, so that none overtakes another; calls made meanwhile share the next. */
  function save(): void {
    if (isReleased) return;
    again = saving !== undefined;
    saving ??= write()
      .catch((error: unknown) => onLost(error instanceof Error ? error : new Error(String(error))))
      .then(() => {
        saving = undefined;
        if (again) save();
      });
  }

  const renewing = setInterval(save, leaseMs / 3);

  return {
    cursorMoved() {
      scheduled ??= setTimeout(() => {
        scheduled = undefined;
        save();
      }, saveAfterMs);
    },
    isHeld: () => performance.now() < heldUntil,
    async release() {
      isReleased = true;
      clearInterval(renewing);
      clearTimeout(scheduled);
      await saving;
      await releaseLease(db, lease, cursor());
    },
  };
}

/** The error of a relay whose lease another relay has taken. */
export const leaseLost = (lease: Lease): Error =>
  platformError('version-conflict', `Another relay has taken the lease of ${lease.name}`);
