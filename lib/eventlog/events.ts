import type { NewEvent } from '../events/define';

/** What an event carries besides its data: who caused it, and the request it belongs to. */
export interface EventMetadata {
  correlationId: string;
  /** The id of the event or command that led to this one. */
  causationId?: string;
  traceparent?: string;
  actor?: string;
  /** The lowest data version whose readers can read the event, where that is not its own; set by its writer. */
  compatibleVersion?: number;
}

/** An event in the log. */
export interface RecordedEvent<Data = unknown> {
  /** Place in the log's index, unique; transactions may commit in another order. */
  position: number;
  id: string;
  stream: string;
  /** Place in the stream, from 1, without gaps. */
  version: number;
  type: string;
  dataVersion: number;
  data: Data;
  metadata: EventMetadata;
  time: Date;
}

/** New events for one stream, written only if the stream is at `expectedVersion` (0: it does not exist yet). */
export interface StreamAppend {
  stream: string;
  expectedVersion: number;
  events: readonly NewEvent[];
}

/**
 * A place in the log. Relays read in the order of the whole pair: the transaction's number, then the place within it.
 */
export interface Cursor {
  xid: string;
  position: number;
}
