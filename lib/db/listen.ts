import { Client } from 'pg';
import { backoffMs, type Backoff } from '../async/backoff';
import { sleep } from '../async/sleep';
import { createSessions } from './sessions';

export interface ListenOptions {
  url: string;
  /** Shown by PostgreSQL as `application_name`. */
  name: string;
  /** Names of channels, written by us: they become part of the statement. */
  channels: readonly string[];
  /** Told of every notification, and after every (re)connection: something may have been missed before it. */
  hear: (channel?: string) => void;
  /** Told of connections that were lost or refused; the next attempt is already on its way. */
  onError?: (error: Error) => void;
  /** How often to check that the connection still answers, and is that of a server that takes writes; default 5 s. */
  checkMs?: number;
}

const backoff: Backoff = { firstMs: 100, maxMs: 5_000 };
/** How long to wait for a connection, and for an answer on it. */
const timeouts = { connectionTimeoutMillis: 10_000, query_timeout: 2_000 };

/**
 * Listens to PostgreSQL's notifications on a connection of its own. It is made again when it breaks, stops answering or
 * turns read-only: nobody commits on a standby, so a connection to one would stay silent without an error.
 */
export function listenTo(options: ListenOptions): { close(): Promise<void> } {
  const { url, name, channels, hear, onError, checkMs = 5_000 } = options;
  const sessions = createSessions();
  let client: Client | undefined;
  const closing = new AbortController();

  /** One connection, from its beginning to its end. */
  async function session(onUp: () => void): Promise<void> {
    const listener = new Client({ connectionString: url, application_name: name, keepAlive: true, ...timeouts });
    client = listener;
    sessions.follow(listener);
    const over = new Promise<void>((resolve, reject) => listener.once('end', resolve).on('error', reject));
    over.catch(() => undefined); // Waited for below; an error may come before that.
    listener.on('notification', ({ channel }) => hear(channel));
    const ended = new AbortController();
    const use = async (): Promise<void> => {
      await listener.connect();
      await listener.query(channels.map((channel) => `listen ${channel}`).join(';'));
      onUp();
      hear();
      await untilUnusable(listener, ended.signal);
    };
    try {
      await Promise.race([over, use()]); // `pg` leaves a connect unsettled that `close` interrupts.
    } finally {
      ended.abort();
      await listener.end().catch(() => undefined); // Broken already, or closed: either way it is gone.
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
      closing.abort();
      await client?.end().catch(() => undefined);
      await listening;
    },
  };
}
