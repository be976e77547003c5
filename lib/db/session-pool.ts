import type { PostgresPool } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import type { Sessions } from './sessions';

/** A pool as Kysely sees it that lends only sessions that may be used, and closes the others. */
export function usableSessions(pool: Pool, sessions: Sessions): PostgresPool {
  async function connect(): Promise<PoolClient> {
    const client = await pool.connect();
    if (!sessions.isUsable(client)) {
      client.release(true);
      return connect();
    }
    // The pool makes a new `release` each time it lends a client.
    const release = client.release.bind(client);
    client.release = (destroy) => release(destroy || !sessions.isUsable(client));
    return client;
  }

  return { connect, end: () => pool.end(), options: pool.options };
}
