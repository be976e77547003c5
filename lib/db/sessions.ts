import type { PostgresPool } from 'kysely';
import type { Client, Pool, PoolClient } from 'pg';
import { endsSession, isReadOnly } from './session-errors';

/** Tracks the sessions of one database, and knows which of them may still be used. */
export interface Sessions {
  /** Tracks a client; call it before the client connects. */
  follow(client: Client): void;
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
  /** Rises when a writable session becomes read-only: sessions opened earlier are then no longer trusted. */
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
    isUsable(client) {
      const session = sessions.get(client);
      if (!session || session.hasEnded || session.generation !== generation) return false;
      return session.readOnlyBy.size === 0 || performance.now() - session.openedAt < readOnlyMs;
    },
  };
}

/** A pool for Kysely that only hands out usable sessions, and closes the others. */
export function usableSessions(pool: Pool, sessions: Sessions): PostgresPool {
  async function connect(): Promise<PoolClient> {
    const client = await pool.connect();
    if (!sessions.isUsable(client)) {
      client.release(true);
      return connect();
    }
    // The pool creates a new `release` each time it hands out a client.
    const release = client.release.bind(client);
    client.release = (destroy) => release(destroy || !sessions.isUsable(client));
    return client;
  }

  return { connect, end: () => pool.end(), options: pool.options };
}
