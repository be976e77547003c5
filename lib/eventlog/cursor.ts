/** A place in the log. Relays read in the order of the whole pair: a transaction's number, then the place within it. */
export interface Cursor {
  xid: string;
  position: number;
}
