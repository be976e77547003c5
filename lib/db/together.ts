import { sql, type RawBuilder } from 'kysely';
import type { Queryable } from './database';

/** A statement that can be a part of a bigger one. */
export type Write = RawBuilder<unknown>;

/** Runs writes as one statement, all or none: one round trip, and outside of a transaction no `begin` and `commit`. */
export async function writeTogether(db: Queryable, writes: readonly Write[]): Promise<void> {
  const [only] = writes;
  if (only && writes.length === 1) {
    await only.execute(db);
    return;
  }
  const named = writes.map((write, index) => sql`${sql.id(`part_${index}`)} as (${write})`);
  await sql`with ${sql.join(named)} select`.execute(db);
}
