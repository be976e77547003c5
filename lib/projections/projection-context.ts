import type { Database } from '../db/database';
import type { Projection } from './projection';

/** A projection, and where its table and its events are. */
export interface ProjectionContext {
  projection: Projection;
  /** The database of the table. */
  database: Pick<Database<unknown>, 'kysely'>;
  /** The database of the event log: the same one for a service's own events. */
  log: Pick<Database<unknown>, 'kysely'>;
  /** The subscription that updates the table, when its events come through the broker. */
  subscription?: string;
}
