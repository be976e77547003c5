import type { Cursor } from '../cursor';

/** How far a log is confirmed without a gap, while confirms arrive in any order. */
export interface ConfirmedPrefix {
  /** The place of the last entry before which everything is confirmed, itself included. */
  readonly cursor: Cursor;
  /** How many entries were sent beyond that place. */
  readonly ahead: number;
  /** Takes the next entry in log order; call the result once it is confirmed. */
  sent(at: Cursor): () => void;
}

interface Entry {
  at: Cursor;
  confirmed: boolean;
  next?: Entry;
}

/** Begins with everything up to `start` confirmed. */
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
