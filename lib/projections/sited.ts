import type { Database } from '../db/database';
import type { Projection } from './projection';

/** A projection and where its parts are. */
export interface Sited {
  projection: Projection;
  /** Where the table is. */
  database: Pick<Database<unknown>, 'kysely'>;
  /** Where its events are: the same database for a service's own. */
  log: Pick<Database<unknown>, 'kysely'>;
  /** What keeps the table live, when its events come through the broker. */
  subscription?: string;
}
