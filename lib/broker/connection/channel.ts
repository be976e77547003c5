import type { Channel, ChannelModel } from 'amqplib';
import { backoffMs, type Backoff } from '../../async/backoff';
import { sleep } from '../../async/wait';
import type { Logger } from '../../telemetry/logger';
import { close } from './single-connection';
import type { Link } from './link';

export interface ChannelUse<C extends Channel> {
  /** Identifies the channel in the log. */
  name: string;
  open: (connection: ChannelModel) => Promise<C>;
  /** Starts using a fresh channel; the function it returns is called once that channel is gone. */
  use: (channel: C) => Promise<() => void>;
  logger: Logger;
}

/** A channel that lasted for longer than `maxMs` counts as a success. */
const backoff: Backoff = { firstMs: 100, maxMs: 5_000 };

/**
 * Keeps a channel open over a link. Channels close (a failed declaration, a close by the server, a lost connection),
 * and each time a new one replaces the old. Nothing is carried over, so no acknowledgement reaches the wrong channel.
 */
export function keepChannel<C extends Channel>(
  link: Link,
  { name, open, use, logger }: ChannelUse<C>,
): { close(): Promise<void> } {
  const closing = new AbortController();
  let current: C | undefined;

  /** One channel, from open to close. */
  async function session(connection: ChannelModel): Promise<void> {
    const channel = await open(connection);
    const gone = new Promise<void>((resolve) => channel.once('close', resolve));
    // The server's reason for closing the channel; 'close' follows.
    channel.on('error', (error: Error) =>
      logger.warn({ channel: name, reason: error.message }, 'channel closed by the broker'),
    );
    current = channel;
    if (closing.signal.aborted) return close(channel);
    const release = await use(channel).catch(async (error: unknown) => {
      await close(channel);
      throw error;
    });
    await gone;
    release();
  }

  /** One channel after another, for the life of this connection. */
  async function keep(connection: ChannelModel): Promise<void> {
    const lost = new AbortController();
    connection.once('close', () => lost.abort());
    const over = AbortSignal.any([lost.signal, closing.signal]);
    let failures = 0;
    while (!over.aborted) {
      const began = performance.now();
      await session(connection).catch((error: unknown) => {
        if (!over.aborted) logger.warn({ channel: name, err: error }, 'channel failed; retrying');
      });
      current = undefined;
      failures = performance.now() - began > backoff.maxMs ? 1 : failures + 1;
      await sleep(backoffMs(failures, backoff), over);
    }
  }

  const unsubscribe = link.onUp((connection) => void keep(connection));
  return {
    async close() {
      closing.abort();
      unsubscribe();
      if (current) await close(current);
    },
  };
}
