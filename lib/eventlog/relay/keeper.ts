import { fail } from '../../errors/errors';
import type { Queryable } from '../../db/database';
import type { Cursor } from './prefix';
import { giveLeaseBack, saveCursor, type Lease } from './store';

export interface KeeperOptions {
  db: Queryable;
  lease: Lease;
  leaseMs: number;
  /** The cursor is written so long after it moved: a crash publishes again what was published meanwhile. */
  saveAfterMs: number;
  /** When the lease was taken, on the clock of `performance.now()`. */
  takenAt: number;
  /** Where the cursor is now. */
  cursor: () => Cursor;
  /** Told when the lease is lost, or can't be kept. */
  onLost: (error: Error) => void;
}

/** Keeps a lease while it is held: writes the cursor as it moves, and renews in time when it does not. */
export interface Keeper {
  moved(): void;
  /** By this process's own clock: after a stall it is false before anybody has to be asked. */
  isMine(): boolean;
  /** Writes the cursor a last time and gives the lease back, so that the next holder starts at once. */
  giveBack(): Promise<void>;
}

export function createKeeper({ db, lease, leaseMs, saveAfterMs, takenAt, cursor, onLost }: KeeperOptions): Keeper {
  let mineUntil = takenAt + leaseMs;
  let saving: Promise<void> | undefined;
  let scheduled: NodeJS.Timeout | undefined;
  let again = false;
  let released = false;

  async function write(): Promise<void> {
    const asked = performance.now();
    const mine = await saveCursor(db, lease, cursor(), leaseMs);
    mineUntil = mine ? asked + leaseMs : 0;
    if (!mine) throw leaseLost(lease);
  }

  /** One write at a time, so that none overtakes another; whoever asks meanwhile shares the next. */
  function save(): void {
    if (released) return;
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
    moved() {
      scheduled ??= setTimeout(() => {
        scheduled = undefined;
        save();
      }, saveAfterMs);
    },
    isMine: () => performance.now() < mineUntil,
    async giveBack() {
      released = true;
      clearInterval(renewing);
      clearTimeout(scheduled);
      await saving;
      await giveLeaseBack(db, lease, cursor());
    },
  };
}

/** The error of a relay that finds that another one took over. */
export const leaseLost = (lease: Lease): Error =>
  fail('version-conflict', `The lease of relay ${lease.name} is another's now`);
