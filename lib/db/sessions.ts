import type { PostgresPool } from 'kysely';
import type { Client, Pool, PoolClient } from 'pg';
import { activeCancellation } from '../async/cancellation';
import type { Live } from '../config/live';
import { endsSession, isReadOnly, isRefusedLogin } from './session-errors';

/** Tracks the sessions of one database, and knows which of them may still be used. */
export interface Sessions {
  /** Tracks a client; call it before the client connects. */
  follow(client: Client): void;
  /** From now on the session is not usable. */
  end(client: Client): void;
  /** From now on no session that is open is usable. */
  retire(): void;
  /**
   * False after an error that ends a session, and for read-only sessions: those of a standby, or of a database with
   * `default_transaction_read_only`. A new one serves reads for a second; then the server is asked again.
   */
  isUsable(client: Client): boolean;
}

interface Session {
  /** By `performance.now()`. */
  openedAt: number;
  generation: number;
  hasEnded: boolean;
  /** Settings that make it read-only. */
  readOnlyBy: Set<string>;
}

/** How long a session that is known to be read-only is used. */
const readOnlyMs = 1_000;
/** PostgreSQL (14 and later) reports these when a session starts and whenever they change, so no query is needed. */
const readOnlySettings = ['in_hot_standby', 'default_transaction_read_only'];

export function createSessions(): Sessions {
  const sessions = new WeakMap<Client, Session>();
  /** Rises when a writable session becomes read-only, or the address changes: earlier sessions are no longer trusted. */
  let generation = 0;

  function onError(session: Session, error: unknown): void {
    if (!endsSession(error)) return;
    if (isReadOnly(error)) {
      // It ends soon anyway; ending it now would make each failing write open a connection.
      if (session.readOnlyBy.size > 0) return;
      if (session.generation === generation) generation += 1;
    }
    session.hasEnded = true;
  }

  return {
    follow(client) {
      const session: Session = { openedAt: performance.now(), generation, hasEnded: false, readOnlyBy: new Set() };
      sessions.set(client, session);
      const { connection } = client;
      connection.on('parameterStatus', (status: { parameterName: string; parameterValue: string }) => {
        if (!readOnlySettings.includes(status.parameterName)) return;
        if (status.parameterValue === 'on') session.readOnlyBy.add(status.parameterName);
        else session.readOnlyBy.delete(status.parameterName);
      });
      connection.on('errorMessage', (error: unknown) => onError(session, error));
    },
    end(client) {
      const session = sessions.get(client);
      if (session) session.hasEnded = true;
    },
    retire() {
      generation += 1;
    },
    isUsable(client) {
      const session = sessions.get(client);
      if (!session || session.hasEnded || session.generation !== generation) return false;
      return session.readOnlyBy.size === 0 || performance.now() - session.openedAt < readOnlyMs;
    },
  };
}

/** A statement that ends within this time after its work was cancelled costs less than a new session. */
const graceMs = 1_000;

/**
 * A pool for Kysely that only hands out usable sessions, and closes the others. Cancelled work gets no session, and loses
 * the one that it has: the server then ends its statement (`client_connection_check_interval`). When the login is refused,
 * it looks for a new one.
 */
export function usableSessions(pool: Pool, sessions: Sessions, address: Pick<Live<unknown>, 'renew'>): PostgresPool {
  async function connectWithLogin(): Promise<PoolClient> {
    try {
      return await pool.connect();
    } catch (error) {
      if (!isRefusedLogin(error) || !(await address.renew())) throw error;
      return pool.connect();
    }
  }

  async function connect(): Promise<PoolClient> {
    const cancellation = activeCancellation();
    cancellation?.throwIfAborted();
    const client = await connectWithLogin();
    if (cancellation?.aborted) client.release();
    cancellation?.throwIfAborted();
    if (!sessions.isUsable(client)) {
      client.release(true);
      return connect();
    }
    const stopWatching = cancellation ? endWhenCancelled(client, cancellation) : undefined;
    // The pool creates a new `release` each time it hands out a client.
    const release = client.release.bind(client);
    client.release = (destroy) => {
      stopWatching?.();
      release(destroy || !sessions.isUsable(client));
    };
    return client;
  }

  /** Returns how to stop, when the session is released. */
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
