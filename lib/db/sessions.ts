import type { Client } from 'pg';
import { endsSession, isReadOnly } from './session-errors';

/** Follows sessions of one database and tells which of them may still be used. */
export interface Sessions {
  /** Follows a client; call it before the client connects. */
  follow(client: Client): void;
  /** The session must not be used again. */
  end(client: Client): void;
  /**
   * False after an error that ends a session, and for sessions that are read-only: those of a standby, or of a database
   * with `default_transaction_read_only`. A new one serves reads for a second, then it is worth asking the server again.
   */
  isUsable(client: Client): boolean;
}

interface Session {
  /** On the clock of `performance.now()`. */
  openedAt: number;
  generation: number;
  hasEnded: boolean;
  /** Settings that make it read-only. */
  readOnlyBy: Set<string>;
}

/** For so long a session that is known to be read-only is used. */
const readOnlyMs = 1_000;
/** PostgreSQL (14 and later) reports these when a session begins and whenever they change: no query has to ask. */
const readOnlySettings = ['in_hot_standby', 'default_transaction_read_only'];

export function createSessions(): Sessions {
  const sessions = new WeakMap<Client, Session>();
  /** Grows when a session that was writable no longer is: those opened earlier are then distrusted as well. */
  let generation = 0;

  function onError(session: Session, error: unknown): void {
    if (!endsSession(error)) return;
    if (isReadOnly(error)) {
      // Its end is near anyway; ending it now would make each failing write open a connection.
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
    isUsable(client) {
      const session = sessions.get(client);
      if (!session || session.hasEnded || session.generation !== generation) return false;
      return session.readOnlyBy.size === 0 || performance.now() - session.openedAt < readOnlyMs;
    },
  };
}
