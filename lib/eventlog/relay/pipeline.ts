import { createWakeSignal } from '../../async/wait';
import type { Cursor } from '../events';

export interface PipelineOptions<Entry extends Cursor> {
  /** Everything up to here is already confirmed. */
  start: Cursor;
  /** How many entries may be sent beyond the confirmed prefix. */
  window: number;
  /** Resolves when the entry is safe; rejects when that is not certain. */
  deliver: (entry: Entry) => Promise<void>;
  onConfirmed: () => void;
  /** Called on the first failure. */
  onFailed: () => void;
  /** After it is aborted, nothing is sent. */
  stopping: AbortSignal;
}

/** Sends entries in log order, many at a time, and tracks how far they are confirmed. */
export interface Pipeline<Entry extends Cursor> {
  /** The end of the confirmed prefix. */
  readonly cursor: Cursor;
  /** Sends all entries, waiting while the window is full. Rejects with the first failure. */
  send(entries: readonly Entry[]): Promise<void>;
  /** Stops sending, as a failed delivery does. */
  readonly fail: (reason: Error) => void;
  /** Waits until nothing is in flight, at most `withinMs`. */
  settled(withinMs: number): Promise<void>;
}

export function createSendPipeline<Entry extends Cursor>(options: PipelineOptions<Entry>): Pipeline<Entry> {
  const { window, deliver, onConfirmed, onFailed, stopping } = options;
  const prefix = createConfirmedPrefix(options.start);
  const changed = createWakeSignal();
  let inFlight = 0;
  let failure: Error | undefined;

  function launch(entry: Entry): void {
    const confirm = prefix.sent(entry);
    inFlight += 1;
    deliver(entry).then(
      () => {
        inFlight -= 1;
        confirm();
        onConfirmed();
        changed.notify();
      },
      (reason: unknown) => {
        inFlight -= 1;
        fail(reason instanceof Error ? reason : new Error(String(reason)));
      },
    );
  }

  function fail(reason: Error): void {
    if (!failure) onFailed();
    failure ??= reason;
    changed.notify();
  }

  stopping.addEventListener('abort', changed.notify, { once: true });

  return {
    get cursor() {
      return prefix.cursor;
    },
    async send(entries) {
      for (const entry of entries) {
        while (prefix.ahead >= window && !failure && !stopping.aborted) await changed.wait(1_000);
        if (failure || stopping.aborted) break;
        launch(entry);
      }
      if (failure) throw failure;
    },
    fail,
    async settled(withinMs) {
      stopping.removeEventListener('abort', changed.notify);
      const deadline = performance.now() + withinMs;
      while (inFlight > 0 && performance.now() < deadline) await changed.wait(deadline - performance.now());
    },
  };
}

/** Tracks how far a log is confirmed without a gap, while confirms arrive in any order. */
export interface ConfirmedPrefix {
  /** The place of the last entry up to which, inclusive, everything is confirmed. */
  readonly cursor: Cursor;
  /** How many entries were sent beyond that place. */
  readonly ahead: number;
  /** Adds the next entry in log order; call the result once it is confirmed. */
  sent(at: Cursor): () => void;
}

interface Entry {
  at: Cursor;
  confirmed: boolean;
  next?: Entry;
}

/** Starts with everything up to `start` confirmed. */
export function createConfirmedPrefix(start: Cursor): ConfirmedPrefix {
  let head: Entry = { at: start, confirmed: true };
  let tail = head;
  let ahead = 0;

  function advance(): void {
    while (head.next?.confirmed) {
      head = head.next;
      ahead -= 1;
    }
  }

  return {
    get cursor() {
      return head.at;
    },
    get ahead() {
      return ahead;
    },
    sent(at) {
      const entry: Entry = { at, confirmed: false };
      tail.next = entry;
      tail = entry;
      ahead += 1;
      return () => {
        entry.confirmed = true;
        advance();
      };
    },
  };
}
