import type { Channel, ChannelModel } from 'amqplib';
import { platformError } from '../../errors/errors';
import { createConnector, type ConnectorOptions } from './connector';
import { close, withChannel } from './single-connection';

/** One connection to the broker; it reconnects without end whenever it is lost. */
export interface Link {
  isUp(): boolean;
  /**
   * Why the broker accepts no messages on this link now, such as low memory or disk; undefined while it accepts them.
   */
  blocked(): string | undefined;
  /**
   * Runs `use` on a channel of its own, then closes it.
   * @throws `unavailable` when the link is not connected.
   */
  withChannel<T>(use: (channel: Channel) => Promise<T>): Promise<T>;
  /** Calls `listener` with every new connection, and immediately when there is one. Returns how to unsubscribe. */
  onUp(listener: (connection: ChannelModel) => void): () => void;
  close(): Promise<void>;
}

/**
 * Connects a link; when it is lost later, it is retried without end.
 * @throws `unavailable` when the broker does not answer within `attempts` attempts.
 */
export async function createLink({
  attempts = 5,
  ...options
}: ConnectorOptions & { attempts?: number }): Promise<Link> {
  const { name, logger } = options;
  const listeners = new Set<(connection: ChannelModel) => void>();
  const closing = new AbortController();
  const connect = createConnector(options, closing.signal);
  let connection: ChannelModel | undefined;
  let blocked = (): string | undefined => undefined;

  function adopt(made: ChannelModel): void {
    connection = made;
    // Each of the many channels adds a listener or two.
    made.setMaxListeners(0);
    blocked = watch(made, options);
    made.on('close', () => {
      connection = undefined;
      if (!closing.signal.aborted) void reconnect();
    });
    for (const listener of listeners) listener(made);
  }

  async function reconnect(): Promise<void> {
    const made = await connect(Infinity);
    if (!made) return;
    logger.info({ link: name }, 'reconnected to the broker');
    if (closing.signal.aborted) await close(made);
    else adopt(made);
  }

  const first = await connect(attempts);
  if (first) adopt(first);
  return {
    isUp: () => connection !== undefined,
    blocked: () => connection && blocked(),
    async withChannel(use) {
      if (!connection) throw platformError('unavailable', `Not connected to RabbitMQ (${name}); reconnecting`);
      return withChannel(connection, use);
    },
    onUp(listener) {
      listeners.add(listener);
      if (connection) listener(connection);
      return () => listeners.delete(listener);
    },
    async close() {
      closing.abort();
      if (connection) await close(connection);
    },
  };
}

/** Logs the state of a connection; returns why the broker accepts no messages on it now. */
function watch(
  made: ChannelModel,
  { name, logger }: Pick<ConnectorOptions, 'name' | 'logger'>,
): () => string | undefined {
  let blocked: string | undefined;
  // An 'error' is always followed by 'close', which handles the loss.
  made.on('error', (error: Error) => logger.warn({ link: name, reason: error.message }, 'broker connection failed'));
  made.on('blocked', (reason) => {
    blocked = reason;
    logger.warn({ link: name, reason }, 'broker accepts no messages');
  });
  made.on('unblocked', () => {
    blocked = undefined;
    logger.info({ link: name }, 'broker accepts messages again');
  });
  return () => blocked;
}
