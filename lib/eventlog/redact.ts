import { sql } from 'kysely';
import type { Queryable } from '../db/database';
import { currentContext } from '../telemetry/context';

/**
 * Replaces fields in all events of a stream that have them, in place: the only change that is ever made to recorded
 * events. Versions, times and types stay, and the new values must fit the schemas, so everything can be rebuilt as
 * before. `redactions` records who did it, when, and which fields. Call it in the transaction of the event that says
 * why.
 * @example await redactStream(trx, 'user-17', { email: 'erased@erased.invalid', name: 'erased' });
 */
export async function redactStream(db: Queryable, stream: string, fields: Record<string, string>): Promise<void> {
  const names = Object.keys(fields);
  // Raw SQL: one statement that changes the events and records how many there were.
  await sql`
    with redacted as (
      update events
      set data = data || (
        select jsonb_object_agg(key, value) from jsonb_each(${JSON.stringify(fields)}::jsonb) where data ? key
      )
      where stream = ${stream} and data ?| ${names}::text[]
      returning 1
    )
    insert into redactions (stream, fields, events, actor)
    select ${stream}, ${names}::text[], count(*), ${currentContext().actor ?? null} from redacted`.execute(db);
}
