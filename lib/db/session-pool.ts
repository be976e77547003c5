import type { PostgresPool } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { activeCancellation } from '../async/cancellation';
import type { Sessions } from './sessions';

/** A statement that ends within this time after it was cancelled costs less than a new session. */
const graceMs = 1_000;

/**
 * A pool as Kysely sees it that lends only sessions that may be used, and closes the others. Work that was cancelled gets
 * no session, and loses the one that it has: the server then ends the statement (`client_connection_check_interval`).
 */
export function usableSessions(pool: Pool, sessions: Sessions): PostgresPool {
  async function connect(): Promise<PoolClient> {
    const cancellation = activeCancellation();
    cancellation?.throwIfAborted();
    const client = await pool.connect();
    if (cancellation?.aborted) client.release();
    cancellation?.throwIfAborted();
    if (!sessions.isUsable(client)) {
      client.release(true);
      return connect();
    }
    const keep = cancellation ? endWhenCancelled(client, cancellation) : undefined;
    // The pool makes a new `release` each time it lends a client.
    const release = client.release.bind(client);
    client.release = (destroy) => {
      keep?.();
      release(destroy || !sessions.isUsable(client));
    };
    return client;
  }

  /** Returns what is called when the session is no longer in use. */
  function endWhenCancelled(client: PoolClient, cancellation: AbortSignal): () => void {
    let timer: NodeJS.Timeout | undefined;
    const end = (): void => {
      sessions.end(client);
      client.connection.stream.destroy();
    };
    const onAbort = (): void => void (timer = setTimeout(end, graceMs));
    cancellation.addEventListener('abort', onAbort);
    return () => {
      cancellation.removeEventListener('abort', onAbort);
      clearTimeout(timer);
    };
  }

  return { connect, end: () => pool.end(), options: pool.options };
}
