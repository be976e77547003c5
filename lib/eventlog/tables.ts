import type { ColumnType, Generated } from 'kysely';
import type { EventMetadata } from './events';

/** The tables of an event log; every service that appends events has them in its own database. */
export interface EventLogTables {
  events: {
    position: Generated<number>;
    /** The writing transaction: relays read in the order of (xid, position). */
    xid: Generated<string>;
    event_id: string;
    stream: string;
    version: number;
    type: string;
    data_version: number;
    data: unknown;
    metadata: ColumnType<EventMetadata>;
    time: Date;
  };
  relays: {
    name: string;
    owner: string;
    /** The fencing number; it rises with every new holder of the lease, and only the newest may move the cursor. */
    fence: Generated<number>;
    expires_at: Generated<Date>;
    cursor_xid: Generated<string>;
    cursor_position: Generated<number>;
    /** Set by an operator: the relay keeps its lease and its cursor, and publishes nothing. */
    paused: Generated<boolean>;
  };
  /** Unpublished events: no message can be made of them. The relay has skipped them, and an operator must look. */
  relay_parked: {
    relay: string;
    position: number;
    event_id: string;
    reason: string;
    time: Generated<Date>;
  };
  /** Events that some queue refused, most likely a full one. The other queues have them, and they are retried. */
  relay_refused: {
    relay: string;
    position: number;
    /** When to retry. */
    next_at: Generated<Date>;
    /** The number of failed retries. */
    tries: Generated<number>;
  };
}

/** A row of the `events` table as it is inserted; the database assigns position and transaction. */
export interface EventRow {
  event_id: string;
  stream: string;
  version: number;
  type: string;
  data_version: number;
  data: unknown;
  metadata: EventMetadata;
  time: Date;
}
