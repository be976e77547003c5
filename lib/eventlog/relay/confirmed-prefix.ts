import type { Cursor } from '../events';

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
