import { Kysely, PostgresDialect, type RawBuilder } from 'kysely';
import { Pool, TypeOverrides, types } from 'pg';
import { notingConnectFailures } from './connecting';
import { preparingClient } from './prepared';
import { usableSessions } from './session-pool';
import { createSessions } from './sessions';

/** A PostgreSQL database: typed queries, the connection pool below them, and where it is. */
export interface Database<T> {
  kysely: Kysely<T>;
  pool: Pool;
  url: string;
  /** Waits for running queries, then closes every connection. */
  close(): Promise<void>;
}

/** What SQL can be run on: a database or an open transaction, whatever its tables are. */
export type Queryable = Parameters<RawBuilder<unknown>['execute']>[0];

export interface DatabaseOptions {
  url: string;
  /** Shown by PostgreSQL as `application_name`, so that a blocking session has a name. */
  name: string;
  /** Connections at most; default 10. */
  poolSize?: number;
  /** How long a statement waits for a lock before it fails as in an outage; default 5 s, 0 for no limit. */
  lockTimeoutMs?: number;
  /** How long a statement may take before the server ends it, as in an outage; default 10 s, 0 for no limit. */
  queryTimeoutMs?: number;
  /** `false`: commits return before they are on disk, for writes that may be lost in a crash of the server. */
  durable?: boolean;
  /** Told of connections that die; the pool replaces them, and whoever was using one gets the error as well. */
  onError?: (error: Error) => void;
}

/** An open transaction longer than this is ended by the server: it would hold back the relays of the whole server. */
const idleInTransactionMs = 15_000;

/** Less than a handler or an attempt of an activity may take, so that a wait for a lock is told from one that hangs. */
export const defaultLockTimeoutMs = 5_000;

/** A handler of messages has as long in all. */
export const defaultQueryTimeoutMs = 10_000;

/**
 * How much longer than a statement may take the answer to it is waited for: the server ends a slow statement by itself,
 * so one that has not even done that is frozen, or out of reach.
 */
const unansweredAfterMs = 5_000;

/** Has the server look for clients that are gone while it works for them. Servers on Windows cannot. */
const clientCheckMs = 1_000;

/** PostgreSQL's `bigint` as a number while it is exact, else as its text. */
function parseBigint(text: string): number | string {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
}

/**
 * Opens a pool; connections are made when they are first needed, so this never fails. A session whose error says that it
 * cannot go on, one that stops answering, and every session of a server that has stopped taking writes, is closed instead
 * of being used again.
 */
export function openDatabase<T>(options: DatabaseOptions): Database<T> {
  const overrides = new TypeOverrides(types);
  overrides.setTypeParser(types.builtins.INT8, parseBigint);
  const sessions = createSessions();
  const queryTimeoutMs = options.queryTimeoutMs ?? defaultQueryTimeoutMs;
  const pool = new Pool({
    Client: notingConnectFailures(preparingClient(sessions)),
    connectionString: options.url,
    application_name: options.name,
    max: options.poolSize ?? 10,
    idleTimeoutMillis: 60_000,
    connectionTimeoutMillis: 10_000,
    idle_in_transaction_session_timeout: idleInTransactionMs,
    lock_timeout: options.lockTimeoutMs ?? defaultLockTimeoutMs,
    ...(queryTimeoutMs > 0
      ? { statement_timeout: queryTimeoutMs, query_timeout: queryTimeoutMs + unansweredAfterMs }
      : {}),
    keepAlive: true,
    types: overrides,
    options: settings({
      client_connection_check_interval: clientCheckMs,
      ...(options.durable === false ? { synchronous_commit: 'off' } : {}),
    }),
  });
  // Without listeners a lost connection would end the process: the pool listens on idle ones, nobody on those in use.
  const onError = options.onError ?? (() => undefined);
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));
  const kysely = new Kysely<T>({ dialect: new PostgresDialect({ pool: usableSessions(pool, sessions) }) });
  return { kysely, pool, url: options.url, close: () => kysely.destroy() };
}

/** Settings of a session, as the server takes them when it begins. */
const settings = (values: Record<string, string | number>): string =>
  Object.entries(values)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
