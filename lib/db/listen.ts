import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

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
}

const pauseMs = { first: 100, most: 5_000 };

/** Listens to PostgreSQL's notifications on a connection of its own, which is made again when it breaks. */
export function listenTo({ url, name, channels, hear, onError }: ListenOptions): { close(): Promise<void> } {
  let client: Client | undefined;
  const closing = new AbortController();

  /** One connection, from its beginning to its end. */
  async function session(onUp: () => void): Promise<void> {
    client = new Client({ connectionString: url, application_name: name, keepAlive: true });
    const over = new Promise<void>((resolve, reject) => client?.once('end', resolve).on('error', reject));
    over.catch(() => undefined); // Waited for below; an error may come before that.
    client.on('notification', ({ channel }) => hear(channel));
    try {
      await client.connect();
      await client.query(channels.map((channel) => `listen ${channel}`).join(';'));
      onUp();
      hear();
      await over;
    } finally {
      await client.end().catch(() => undefined); // Broken already, or closed: either way it is gone.
    }
  }

  async function listen(): Promise<void> {
    let pause = pauseMs.first;
    while (!closing.signal.aborted) {
      await session(() => (pause = pauseMs.first)).catch((error: unknown) => onError?.(error as Error));
      await sleep(pause, undefined, { signal: closing.signal }).catch(() => undefined); // Closed: no more waiting.
      pause = Math.min(pause * 2, pauseMs.most);
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
