import { createWakeSignal } from '../async/wait';
import type { DatabaseUrl } from '../db/address';
import type { Queryable } from '../db/database';
import { listenTo } from '../db/listen';
import { channels, type CommitNotifier } from './commit-notifier';
import type { Cursor } from './events';
import { selectAfter, selectHead } from './store';

export interface TailOptions {
  database: { kysely: Queryable; url: DatabaseUrl };
  /** Of this process: its commits are noticed at once. */
  notifier: Pick<CommitNotifier, 'subscribe'>;
  /** Between two reads of the log without a notification. */
  pollMs?: number;
}

/** Receives the streams that have grown; undefined when that is not known, and any may have. */
type OnGrowth = (streams: ReadonlySet<string> | undefined) => void;

/** Watches a log for live views, whichever process writes it. Without subscribers it does nothing. */
export interface Tail {
  /** Calls `onGrowth` when events are appended from now on. Returns how to unsubscribe. */
  subscribe(onGrowth: OnGrowth): () => void;
}

const batchSize = 500;
/** How soon to read again when an open transaction holds events back. */
const heldBackMs = 10;

export function createTail({ database, notifier, pollMs = 1_000 }: TailOptions): Tail {
  const subscribers = new Set<OnGrowth>();
  const grown = createWakeSignal();
  let watching = false;

  const publish: OnGrowth = (streams) => {
    for (const onGrowth of subscribers) onGrowth(streams);
  };

  /** From the first subscriber until the last one has left. */
  async function watch(): Promise<void> {
    const unsubscribe = notifier.subscribe(() => {
      grown.notify();
      return false; // A relay in another process must be notified as well.
    });
    const { url } = database;
    const listening = listenTo({
      url,
      name: 'tail listens',
      channels: [channels.events],
      onNotification: grown.notify,
    });
    let at: Cursor | undefined;
    while (subscribers.size > 0) {
      const page = await read(at).catch(() => undefined);
      // Without the database, events may be missed: every subscriber has to look for itself.
      if (!page || !at) publish(undefined);
      else if (page.streams.size > 0) publish(page.streams);
      at = page?.at;
      if (!page?.more) await grown.wait(page?.heldBack ? heldBackMs : pollMs);
    }
    unsubscribe();
    await listening.close();
  }

  async function read(after: Cursor | undefined) {
    if (!after)
      return { at: await selectHead(database.kysely), streams: new Set<string>(), heldBack: false, more: false };
    const { events, heldBack } = await selectAfter(database.kysely, after, batchSize);
    const streams = new Set(events.map(({ stream }) => stream));
    return { at: events.at(-1) ?? after, streams, heldBack, more: events.length === batchSize };
  }

  function begin(): void {
    if (watching) return;
    watching = true;
    void watch().finally(() => {
      watching = false;
      if (subscribers.size > 0) begin();
    });
  }

  return {
    subscribe(onGrowth) {
      subscribers.add(onGrowth);
      begin();
      return () => {
        subscribers.delete(onGrowth);
        if (subscribers.size === 0) grown.notify();
      };
    },
  };
}
