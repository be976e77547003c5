import { sql, type Kysely } from 'kysely';
import { fail } from '../errors/errors';

/**
 * Runs what two operators must not do to the same thing at once. The lock is the session's, not a transaction's: a
 * transaction that waits for somebody else would hold back the relays of its server.
 * @throws `conflict` when somebody else is just doing it.
 */
export const alone = <Tables>(db: Kysely<Tables>, target: string, run: () => Promise<void>): Promise<void> =>
  db.connection().execute(async (own) => {
    const { rows } = await sql<{ mine: boolean }>`
      select pg_try_advisory_lock(hashtextextended(${target}, 0)) as mine`.execute(own);
    if (!rows[0]?.mine) throw fail('conflict', `Somebody else is just doing this to ${target}`);
    try {
      await run();
    } finally {
      await sql`select pg_advisory_unlock(hashtextextended(${target}, 0))`.execute(own);
    }
  });
