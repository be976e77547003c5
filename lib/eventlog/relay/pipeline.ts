import { createWakeSignal } from '../../async/wake-signal';
import type { Cursor } from '../cursor';
import { createConfirmedPrefix } from './confirmed-prefix';

export interface PipelineOptions<Entry extends Cursor> {
  /** Everything up to here is confirmed already. */
  start: Cursor;
  /** How many entries may be sent beyond the confirmed prefix. */
  window: number;
  /** Resolves when the entry is safe, rejects when nobody can say that it is. */
  deliver: (entry: Entry) => Promise<void>;
  onConfirmed: () => void;
  /** Told of the first failure. */
  onFailed: () => void;
  /** From then on nothing is sent. */
  stopping: AbortSignal;
}

/** Sends entries in log order, many at a time, and knows how far they are confirmed. */
export interface Pipeline<Entry extends Cursor> {
  /** The end of the confirmed prefix. */
  readonly cursor: Cursor;
  /** Sends all of them, waiting while the window is full. Rejects with the first failure there was. */
  send(entries: readonly Entry[]): Promise<void>;
  /** Ends sending from outside, as a failed delivery does. */
  readonly fail: (reason: Error) => void;
  /** Waits until nothing is under way, at most so long. */
  settled(withinMs: number): Promise<void>;
}

export function createPipeline<Entry extends Cursor>(options: PipelineOptions<Entry>): Pipeline<Entry> {
  const { window, deliver, onConfirmed, onFailed, stopping } = options;
  const prefix = createConfirmedPrefix(options.start);
  const changed = createWakeSignal();
  let underWay = 0;
  let failure: Error | undefined;

  function launch(entry: Entry): void {
    const confirm = prefix.sent(entry);
    underWay += 1;
    deliver(entry).then(
      () => {
        underWay -= 1;
        confirm();
        onConfirmed();
        changed.notify();
      },
      (reason: unknown) => {
        underWay -= 1;
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
      while (underWay > 0 && performance.now() < deadline) await changed.wait(deadline - performance.now());
    },
  };
}
