import { sleep } from '../async/wait';
import { namespace } from '../config/namespace';
import type { DatabaseUrl } from '../db/address';
import { openDatabase } from '../db/database';
import { notify } from '../db/listen';

/** The notification channels of a log: events were committed; a lease was released. */
export const channels = { events: `${namespace}_events`, relays: `${namespace}_relays` } as const;

/** Notifies relays and tails of a log that events were committed. */
export interface CommitNotifier {
  /** Call it after a commit that appended events. It never fails, and many calls cost as much as one. */
  notify(): void;
  /**
   * Calls `onCommit` at every commit of this process. While one of the subscribers returns true, other processes are
   * not notified. Returns how to unsubscribe.
   */
  subscribe(onCommit: () => boolean): () => void;
  close(): Promise<void>;
}

/** Between two notifications: a busy log needs no notification per commit. */
const quietMs = 2;

/**
 * Notifies the relay of a database: directly when it runs in this process, by NOTIFY when it runs elsewhere.
 * NOTIFY goes over a connection of its own after the commit: inside the transaction it would make commits queue.
 * A lost notification does no harm: relays poll as well.
 */
export function createCommitNotifier(database: { url: DatabaseUrl }): CommitNotifier {
  const subscribers = new Set<() => boolean>();
  const own = openDatabase({ url: database.url, name: 'commit notifier', poolSize: 1, durable: false });
  let notifying: Promise<void> | undefined;
  let again = false;

  async function notifyOnce(): Promise<void> {
    await notify(own.kysely, channels.events).catch(() => undefined); // The poll covers it.
    await sleep(quietMs);
  }

  /** At most one notification is under way; calls that come meanwhile share the next. */
  function notifyOthers(): void {
    again = notifying !== undefined;
    notifying ??= notifyOnce().then(() => {
      notifying = undefined;
      if (again) notifyOthers();
    });
  }

  return {
    notify() {
      let isTaken = false;
      for (const onCommit of subscribers) isTaken = onCommit() || isTaken;
      if (!isTaken) notifyOthers();
    },
    subscribe(onCommit) {
      subscribers.add(onCommit);
      return () => subscribers.delete(onCommit);
    },
    async close() {
      await notifying;
      await own.close();
    },
  };
}
