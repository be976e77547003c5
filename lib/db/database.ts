import { Kysely, PostgresDialect, type RawBuilder } from 'kysely';
import { Pool, TypeOverrides, types } from 'pg';
import { addressOf, type DatabaseUrl } from './address';
import { connectingTo } from './connecting';
import { preparingClient } from './prepared';
import { createSessions, usableSessions } from './sessions';

/** A PostgreSQL database: typed queries, its connection pool, and its address. */
export interface Database<T> {
  kysely: Kysely<T>;
  pool: Pool;
  /** For further connections to it. */
  url: DatabaseUrl;
  /** Waits for running queries, then closes all connections. */
  close(): Promise<void>;
}

/** A database or an open transaction on which SQL can be run, whatever its tables are. */
export type Queryable = Parameters<RawBuilder<unknown>['execute']>[0];

export interface DatabaseOptions {
  url: DatabaseUrl;
  /** The `application_name`, so that a blocking session can be identified. */
  name: string;
  /** The maximum number of connections; default 10. */
  poolSize?: number;
  /** How long a statement waits for a lock before it fails as in an outage; default 5 s, 0 for no limit. */
  lockTimeoutMs?: number;
  /** How long a statement may take before the server ends it, as in an outage; default 10 s, 0 for no limit. */
  queryTimeoutMs?: number;
  /** `false`: commits return before they are on disk, for writes that may be lost when the server crashes. */
  durable?: boolean;
  /** Called for lost connections; the pool replaces them, and a query in progress fails with the same error. */
  onError?: (error: Error) => void;
}

/** The server ends transactions that are idle for longer than this: they would hold back all relays of the server. */
const idleInTransactionMs = 15_000;

/** Less than the time-out of a handler or an activity, so that waiting for a lock can be distinguished from hanging. */
export const defaultLockTimeoutMs = 5_000;

/** As long as the handler of a message may take. */
export const defaultQueryTimeoutMs = 10_000;

/** How long after the time-out of a statement a server that has not reported it is considered frozen or unreachable. */
const unansweredAfterMs = 5_000;

/** How often the server checks, while a statement runs, whether its client is still connected. Not available on Windows. */
const clientCheckMs = 1_000;

/** PostgreSQL's `bigint` as a number while that is exact, otherwise as text. */
function parseBigint(text: string): number | string {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
}

/**
 * Opens a pool; connections are opened on first use, so this never fails. A session is closed instead of being reused
 * after an error that makes it unusable, when its server does not answer, or when that no longer accepts writes. When the
 * address changes, new sessions use the new one, and those of the old one are closed as soon as they are not used.
 */
export function openDatabase<T>(options: DatabaseOptions): Database<T> {
  const overrides = new TypeOverrides(types);
  overrides.setTypeParser(types.builtins.INT8, parseBigint);
  const sessions = createSessions();
  const address = addressOf(options.url);
  const stopFollowing = address.onChange(() => sessions.retire());
  const queryTimeoutMs = options.queryTimeoutMs ?? defaultQueryTimeoutMs;
  const pool = new Pool({
    Client: connectingTo(address, preparingClient(sessions)),
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
  // Without listeners a lost connection would end the process: the pool only listens on idle ones.
  const onError = options.onError ?? (() => undefined);
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));
  const kysely = new Kysely<T>({ dialect: new PostgresDialect({ pool: usableSessions(pool, sessions, address) }) });
  return {
    kysely,
    pool,
    url: options.url,
    close: () => {
      stopFollowing();
      return kysely.destroy();
    },
  };
}

/** Settings of a session, in the form in which a connection passes them to the server. */
const settings = (values: Record<string, string | number>): string =>
  Object.entries(values)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
