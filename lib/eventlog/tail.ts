import type { Queryable } from '../db/database';
import { listenTo } from '../db/listen';
import { createWakeSignal } from '../async/wake-signal';
import type { Cursor } from './cursor';
import { selectAfter, selectHead } from './store';
import type { Waker } from './wake';
import { channels } from './wake-store';

export interface TailOptions {
  database: { kysely: Queryable; url: string };
  /** Of this process: a commit made here is heard at once. */
  waker: Pick<Waker, 'listen'>;
  /** Between two looks at the log when nobody tells of a commit. */
  pollMs?: number;
}

/** Told which streams have grown; undefined when that is not known, and each may have. */
type Hear = (streams: ReadonlySet<string> | undefined) => void;

/** Watches a log for those who show it live, whichever process writes it. With nobody to tell it does nothing. */
export interface Tail {
  /** Tells `hear` of what is appended from now on; call what it gives back when enough has been heard. */
  follow(hear: Hear): () => void;
}

const batchSize = 500;
/** How soon to look again for events that an open transaction holds back. */
const heldBackMs = 10;

export function createTail({ database, waker, pollMs = 1_000 }: TailOptions): Tail {
  const followers = new Set<Hear>();
  const grown = createWakeSignal();
  let watching = false;

  const tell: Hear = (streams) => {
    for (const hear of followers) hear(streams);
  };

  /** From the first follower until the last one has left. */
  async function watch(): Promise<void> {
    const unlisten = waker.listen(() => {
      grown.notify();
      return false; // A relay elsewhere must hear of it as well.
    });
    const { url } = database;
    const listening = listenTo({ url, name: 'tail listens', channels: [channels.events], hear: grown.notify });
    let at: Cursor | undefined;
    while (followers.size > 0) {
      const read = await look(at).catch(() => undefined);
      // No database just now: whatever happens until it is back must be looked for by everybody.
      if (!read || !at) tell(undefined);
      else if (read.streams.size > 0) tell(read.streams);
      at = read?.at;
      if (!read?.more) await grown.wait(read?.heldBack ? heldBackMs : pollMs);
    }
    unlisten();
    await listening.close();
  }

  async function look(after: Cursor | undefined) {
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
      if (followers.size > 0) begin();
    });
  }

  return {
    follow(hear) {
      followers.add(hear);
      begin();
      return () => {
        followers.delete(hear);
        if (followers.size === 0) grown.notify();
      };
    },
  };
}
