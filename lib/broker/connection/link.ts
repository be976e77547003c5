import type { Channel, ChannelModel } from 'amqplib';
import { platformError } from '../../errors/errors';
import { createConnector, type ConnectorOptions } from './connector';
import { close, withChannel } from './single-connection';

/** One connection to the broker that is made again, without end, whenever it is lost. */
export interface Link {
  isUp(): boolean;
  /** Why the broker takes no messages on this link just now: it is short of memory or disk. Undefined while it does. */
  blocked(): string | undefined;
  /**
   * Runs `use` on a channel of its own, and closes it.
   * @throws `unavailable` when there is no connection just now.
   */
  withChannel<T>(use: (channel: Channel) => Promise<T>): Promise<T>;
  /** Calls `listener` with every new connection, and at once when there is one. Returns how to end that. */
  onUp(listener: (connection: ChannelModel) => void): () => void;
  close(): Promise<void>;
}

/**
 * Connects a link. @throws `unavailable` when the broker does not answer within `attempts` tries; later losses are
 * retried without end.
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
    // A listener or two for each channel, of which there are many.
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
    logger.info({ link: name }, 'broker is back');
    if (closing.signal.aborted) await close(made);
    else adopt(made);
  }

  const first = await connect(attempts);
  if (first) adopt(first);
  return {
    isUp: () => connection !== undefined,
    blocked: () => connection && blocked(),
    async withChannel(use) {
      if (!connection) throw platformError('unavailable', 'There is no connection to RabbitMQ just now');
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

/** Logs what happens to a connection; returns why the broker takes no messages on it just now. */
function watch(
  made: ChannelModel,
  { name, logger }: Pick<ConnectorOptions, 'name' | 'logger'>,
): () => string | undefined {
  let blocked: string | undefined;
  // An 'error' is always followed by 'close', which is where the loss is dealt with.
  made.on('error', (error: Error) => logger.warn({ link: name, reason: error.message }, 'broker connection failed'));
  made.on('blocked', (reason) => {
    blocked = reason;
    logger.warn({ link: name, reason }, 'broker takes no messages');
  });
  made.on('unblocked', () => {
    blocked = undefined;
    logger.info({ link: name }, 'broker takes messages again');
  });
  return () => blocked;
}
