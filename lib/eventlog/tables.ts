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
    /** Grows with every new holder of the lease: only the newest may move the cursor. */
    fence: Generated<number>;
    expires_at: Generated<Date>;
    cursor_xid: Generated<string>;
    cursor_position: Generated<number>;
    /** Set by an operator: the relay keeps its lease and its cursor, and publishes nothing. */
    paused: Generated<boolean>;
  };
  /** Events that cannot be made into a message: the relay went past them, and somebody must look. */
  relay_parked: {
    relay: string;
    position: number;
    event_id: string;
    reason: string;
    time: Generated<Date>;
  };
  /** Events that some queue did not take, most likely a full one: the others have them, and they are tried again. */
  relay_refused: {
    relay: string;
    position: number;
    /** When to try again. */
    next_at: Generated<Date>;
    /** How often it was tried again, in vain. */
    tries: Generated<number>;
  };
}

/** A row of the `events` table as it is inserted; position and transaction are the database's to give. */
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
