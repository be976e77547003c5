import { sql } from 'kysely';
import type { Queryable } from '../db/database';
import { currentContext } from '../telemetry/context';

/**
 * Replaces the personal fields in all events of a stream that have them, in place: the only change that is ever made to
 * recorded events. The fields and what replaces them are those that `personalFields` declared. Versions, times and types
 * stay, so everything can be rebuilt as before. `redactions` records who did it, when, and which fields. Call it in the
 * transaction of the event that says why.
 * @throws PostgreSQL's `insufficient_privilege` when nothing is declared for the stream, or it has no such event.
 * @example await redactStream(trx, 'user-17');
 */
export async function redactStream(db: Queryable, stream: string): Promise<void> {
  // Raw SQL: the function runs as the owner of the log, whom alone PostgreSQL lets change events.
  await sql`select public.redact_stream(${stream}, ${currentContext().actor ?? null})`.execute(db);
}
