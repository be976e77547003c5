import { sql, type Kysely } from 'kysely';
import { platformError } from '../errors/errors';

/**
 * Runs an action that must not run twice at once for the same target. The lock belongs to the session, not to a
 * transaction: a transaction that stays open would hold back the relays of its server.
 * @throws `conflict` while another operator runs it.
 */
export const exclusively = <Tables>(db: Kysely<Tables>, target: string, run: () => Promise<void>): Promise<void> =>
  db.connection().execute(async (own) => {
    const { rows } = await sql<{ mine: boolean }>`
      select pg_try_advisory_lock(hashtextextended(${target}, 0)) as mine`.execute(own);
    if (!rows[0]?.mine)
      throw platformError('conflict', `Another operator is doing this to ${target}; wait until that has finished`);
    try {
      await run();
    } finally {
      await sql`select pg_advisory_unlock(hashtextextended(${target}, 0))`.execute(own);
    }
  });
