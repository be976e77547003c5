import { platformError } from '../../errors/errors';
import type { Cursor } from '../cursor';
import type { RelayContext } from './context';
import { releaseLease, saveCursor, type Lease } from './lease-store';

/** A lease as it was taken. */
export interface LeaseGrant {
  lease: Lease;
  /** Where its last holder left the cursor. */
  start: Cursor;
  /** When it was asked for, on the clock of `performance.now()`. */
  takenAt: number;
}

/** A lease that is kept: the cursor is written as it moves, and the lease renewed in time when it does not. */
export interface HeldLease {
  /** The cursor is written within `saveAfterMs`: a crash publishes again what was published meanwhile. */
  cursorMoved(): void;
  /** By this process's own clock: after a stall it is false before the database is asked. */
  isHeld(): boolean;
  /** Writes the cursor a last time and ends the lease, so that the next leader starts at once. */
  release(): Promise<void>;
}

/** Keeps a lease. @param onLost called when it is another's, or can't be renewed */
export function holdLease(
  { db, tuning: { leaseMs, saveAfterMs } }: Pick<RelayContext, 'db' | 'tuning'>,
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

  /** One write at a time, so that none overtakes another; calls that come meanwhile share the next. */
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

/** The error of a relay whose lease another one has taken. */
export const leaseLost = (lease: Lease): Error =>
  platformError('version-conflict', `The lease of relay ${lease.name} is another's now`);
