import { sql } from 'kysely';
import { Client } from 'pg';
import { backoffMs, type Backoff } from '../async/backoff';
import { sleep } from '../async/wait';
import { addressOf, connectionTo, explainRefusal, type DatabaseUrl } from './address';
import type { Queryable } from './database';
import { isRefusedLogin } from './session-errors';
import { createSessions } from './sessions';

export interface ListenOptions {
  url: DatabaseUrl;
  /** The `application_name`. */
  name: string;
  /** Trusted channel names: they become part of the statement. */
  channels: readonly string[];
  /**
   * Called for every notification, and without a channel after every (re)connect: notifications may have been missed.
   */
  onNotification: (channel?: string) => void;
  /** Called for lost or refused connections; the next attempt follows by itself. */
  onError?: (error: Error) => void;
  /** How often to check that the connection still answers, and that its server accepts writes; default 5 s. */
  checkMs?: number;
}

const backoff: Backoff = { firstMs: 100, maxMs: 5_000 };
/** How long to wait for a connection, and for an answer on it. */
const timeouts = { connectionTimeoutMillis: 10_000, query_timeout: 2_000 };

/**
 * Listens to PostgreSQL's notifications on a connection of its own. It reconnects when the connection is lost, stops
 * answering or becomes read-only: a standby has no commits, so a connection to one would stay silent without an error.
 */
export function listenTo(options: ListenOptions): { close(): Promise<void> } {
  const { url, name, channels, onNotification, onError, checkMs = 5_000 } = options;
  const sessions = createSessions();
  const address = addressOf(url);
  // A connection with an old login is replaced at the next check.
  const stopFollowing = address.onChange(() => sessions.retire());
  let client: Client | undefined;
  const closing = new AbortController();

  /** One connection, from open to close. */
  async function session(onUp: () => void): Promise<void> {
    const at = address.current();
    const listener = new Client({ ...connectionTo(at), application_name: name, keepAlive: true, ...timeouts });
    client = listener;
    sessions.follow(listener);
    const over = new Promise<void>((resolve, reject) => listener.once('end', resolve).on('error', reject));
    over.catch(() => undefined); // Awaited below; an error may occur before that.
    listener.on('notification', ({ channel }) => onNotification(channel));
    const ended = new AbortController();
    const use = async (): Promise<void> => {
      await listener.connect();
      await listener.query(channels.map((channel) => `listen ${channel}`).join(';'));
      onUp();
      onNotification();
      await untilUnusable(listener, ended.signal);
    };
    try {
      await Promise.race([over, use()]); // `pg` never settles a connect that is interrupted by a close.
    } catch (error) {
      if (isRefusedLogin(error)) await address.renew();
      explainRefusal(error, at);
      throw error;
    } finally {
      ended.abort();
      await listener.end().catch(() => undefined); // It is already broken or closed.
    }
  }

  /** @throws when the server does not answer. */
  async function untilUnusable(listener: Client, ended: AbortSignal): Promise<void> {
    while (sessions.isUsable(listener)) {
      await sleep(checkMs, ended);
      if (ended.aborted) return;
      await listener.query('select');
    }
  }

  async function listen(): Promise<void> {
    let failures = 0;
    while (!closing.signal.aborted) {
      await session(() => (failures = 0)).catch((error: unknown) => onError?.(error as Error));
      failures += 1;
      await sleep(backoffMs(failures, backoff), closing.signal);
    }
  }

  const listening = listen();
  return {
    async close() {
      stopFollowing();
      closing.abort();
      await client?.end().catch(() => undefined);
      await listening;
    },
  };
}

/**
 * Notifies all sessions that listen to a channel: immediately, or when the transaction commits.
 * @param channel a trusted name
 */
export async function notify(db: Queryable, channel: string): Promise<void> {
  await sql`notify ${sql.raw(channel)}`.execute(db);
}
