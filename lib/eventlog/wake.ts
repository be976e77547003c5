import { sleep } from '../async/sleep';
import { openDatabase } from '../db/database';
import { notifyCommit } from './wake-store';

/** Tells relays that there is something to publish. */
export interface Waker {
  /** Call it after a commit that appended events. It never fails, and many calls cost as much as one. */
  wake(): void;
  /** Calls `hear` at every wake of this process. While it answers true, other processes are not told. */
  listen(hear: () => boolean): () => void;
  close(): Promise<void>;
}

/** Between two notifications: a busy log needs no notification per commit. */
const quietMs = 2;

/**
 * Wakes the relay of a database: directly when it is in this process, by NOTIFY when it is elsewhere.
 * NOTIFY goes over a connection of its own after the commit: inside the transaction it would make commits queue.
 * A lost notification does no harm: relays poll as well.
 */
export function createWaker(database: { url: string }): Waker {
  const listeners = new Set<() => boolean>();
  const own = openDatabase({ url: database.url, name: 'waker', poolSize: 1, durable: false });
  let notifying: Promise<void> | undefined;
  let again = false;

  async function notify(): Promise<void> {
    await notifyCommit(own.kysely).catch(() => undefined); // The poll covers it.
    await sleep(quietMs);
  }

  /** At most one notification is under way; whoever comes meanwhile shares the next. */
  function tellOthers(): void {
    again = notifying !== undefined;
    notifying ??= notify().then(() => {
      notifying = undefined;
      if (again) tellOthers();
    });
  }

  return {
    wake() {
      let taken = false;
      for (const hear of listeners) taken = hear() || taken;
      if (taken) return;
      tellOthers();
    },
    listen(hear) {
      listeners.add(hear);
      return () => listeners.delete(hear);
    },
    async close() {
      await notifying;
      await own.close();
    },
  };
}
