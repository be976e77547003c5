import { connect, type Channel, type ChannelModel } from 'amqplib';
import { setTimeout as sleep } from 'node:timers/promises';
import { fail } from '../../errors/errors';
import type { Logger } from '../../telemetry/logger';
import { close } from './closing';

/** One connection to the broker that is made again, for ever, whenever it is lost. */
export interface Link {
  isUp(): boolean;
  /** Why the broker takes no messages on this link just now: it is short of memory or disk. Undefined while it does. */
  blocked(): string | undefined;
  /**
   * Runs `use` on a channel of its own, and closes it.
   * @throws `unavailable` when there is no connection just now.
   */
  withChannel<T>(use: (channel: Channel) => Promise<T>): Promise<T>;
  /** Calls `hear` with every new connection, and at once when there is one. Gives back how to stop hearing. */
  onUp(hear: (connection: ChannelModel) => void): () => void;
  close(): Promise<void>;
}

/** The broker as a process uses it: a slow consumer must not push back on the publisher, so each has its own link. */
export interface Broker {
  /** The user that both links are connected as. */
  user: string;
  publishing: Link;
  consuming: Link;
  close(): Promise<void>;
}

export interface BrokerOptions {
  /** Of a cluster all addresses: each attempt goes to the next. */
  url: string | readonly string[];
  /** Shown in the management UI. */
  name: string;
  logger: Logger;
  /** How often to try at start. */
  attempts?: number;
  /** The first wait between two attempts; doubled each time, up to `maxBackoffMs`. */
  backoffMs?: number;
  maxBackoffMs?: number;
}

/**
 * Connects both links. Once they were up, every loss is mended by trying again for ever.
 * @throws `unavailable` when the broker does not answer within `attempts` (five) tries.
 */
export async function connectBroker(options: BrokerOptions): Promise<Broker> {
  const publishing = await createLink({ ...options, name: `${options.name} publishing` });
  const consuming = await createLink({ ...options, name: `${options.name} consuming` }).catch(
    async (error: unknown) => {
      await publishing.close();
      throw error;
    },
  );
  return {
    user: brokerUserOf([options.url].flat()[0] ?? ''),
    publishing,
    consuming,
    close: async () => {
      await Promise.all([publishing.close(), consuming.close()]);
    },
  };
}

async function createLink(options: BrokerOptions): Promise<Link> {
  const { url, name, logger, attempts = 5, backoffMs = 500, maxBackoffMs = 10_000 } = options;
  const hearers = new Set<(connection: ChannelModel) => void>();
  const closing = new AbortController();
  const urls = [url].flat();
  let next = 0;
  let connection: ChannelModel | undefined;
  let blocked = (): string | undefined => undefined;

  /** Tries until it succeeds; undefined when the link was closed meanwhile. */
  async function establish(tries: number): Promise<ChannelModel | undefined> {
    for (let attempt = 1; !closing.signal.aborted; attempt += 1) {
      const address = urls[next % urls.length] ?? '';
      next += 1;
      try {
        const connecting = { timeout: 5_000, clientProperties: { connection_name: name }, noDelay: true };
        return await connect(withHeartbeat(address), connecting);
      } catch (error) {
        if (attempt >= tries) throw tooOften(address, attempt, error);
        // Jitter: after an outage the processes must not come back all at once.
        const waitMs = Math.min(backoffMs * 2 ** (attempt - 1), maxBackoffMs) * (0.75 + Math.random() / 2);
        logger.warn(
          { link: name, attempt, waitMs: Math.round(waitMs), reason: reasonOf(error) },
          'broker does not answer',
        );
        await sleep(waitMs, undefined, { signal: closing.signal }).catch(() => undefined); // Closed: no more waiting.
      }
    }
    return undefined;
  }

  function adopt(made: ChannelModel): void {
    connection = made;
    // A listener or two for each channel, of which there are many.
    made.setMaxListeners(0);
    blocked = watch(made, options);
    made.on('close', () => {
      connection = undefined;
      if (!closing.signal.aborted) void reconnect();
    });
    for (const hear of hearers) hear(made);
  }

  async function reconnect(): Promise<void> {
    const made = await establish(Number.POSITIVE_INFINITY);
    if (!made) return;
    logger.info({ link: name }, 'broker is back');
    if (closing.signal.aborted) await close(made);
    else adopt(made);
  }

  const first = await establish(attempts);
  if (first) adopt(first);
  return {
    isUp: () => connection !== undefined,
    blocked: () => connection && blocked(),
    async withChannel(use) {
      if (!connection) throw fail('unavailable', 'There is no connection to RabbitMQ just now');
      const channel = await connection.createChannel();
      channel.on('error', () => undefined); // The call that failed tells.
      try {
        return await use(channel);
      } finally {
        await close(channel);
      }
    },
    onUp(hear) {
      hearers.add(hear);
      if (connection) hear(connection);
      return () => hearers.delete(hear);
    },
    async close() {
      closing.abort();
      if (connection) await close(connection);
    },
  };
}

/** Logs what happens to a connection; returns why the broker takes no messages on it just now. */
function watch(made: ChannelModel, { name, logger }: BrokerOptions): () => string | undefined {
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

/** The user name in a broker's address; RabbitMQ's own default when there is none. */
export const brokerUserOf = (url: string): string => decodeURIComponent(new URL(url).username) || 'guest';

/** The server's default of a minute would leave a dead line unnoticed for two. */
function withHeartbeat(url: string): string {
  const asked = new URL(url);
  if (!asked.searchParams.has('heartbeat')) asked.searchParams.set('heartbeat', '15');
  return asked.href;
}

function tooOften(url: string, attempts: number, error: unknown): Error {
  const { host } = new URL(url); // Without user and password.
  const tried = `RabbitMQ does not answer at ${host}: tried ${attempts} times, the last time ${reasonOf(error)}.`;
  return fail('unavailable', `${tried} Start it, or set RABBITMQ_URL to where it runs.`);
}

const reasonOf = (error: unknown): string =>
  error instanceof AggregateError
    ? error.errors.map(reasonOf).join(', ')
    : error instanceof Error
      ? error.message
      : String(error);
