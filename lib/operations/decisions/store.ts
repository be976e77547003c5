import { sql } from 'kysely';
import type { Queryable } from '../../db/database';
import type { Decision } from '../../http/identity/decisions';

// Raw SQL, because the table is in databases with different table types, and to insert many rows in one statement.

export async function insertDecisions(db: Queryable, decisions: readonly Decision[]): Promise<void> {
  await sql`
    insert into ops_decisions (time, actor, role, scope, route, object, outcome, status)
    select time, actor, role, scope, route, object, outcome, status
    from json_populate_recordset(null::ops_decisions, ${JSON.stringify(decisions)}::json)`.execute(db);
}

/** Newest first. */
export async function selectDecisions(
  db: Queryable,
  { limit, outcome }: { limit: number; outcome?: string | undefined },
): Promise<Decision[]> {
  const { rows } = await sql<Decision>`
    select time, actor, role, scope, route, object, outcome, status from ops_decisions
    where ${outcome ?? null}::text is null or outcome = ${outcome ?? null}
    order by id desc limit ${limit}`.execute(db);
  return rows;
}

/** Deletes up to `limit` decisions from before a time. */
export async function deleteDecisions(db: Queryable, before: Date, limit: number): Promise<void> {
  await sql`
    delete from ops_decisions where id in
      (select id from ops_decisions where time < ${before} order by time limit ${limit})`.execute(db);
}
