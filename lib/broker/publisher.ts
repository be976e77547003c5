import type { ConfirmChannel } from 'amqplib';
import { fail, PlatformError } from '../errors/errors';
import type { Logger } from '../telemetry/logger';
import { keepChannel } from './channel';
import { close } from './closing';
import type { Broker } from './connection';
import type { OutgoingMessage } from './envelope';

/** Publishes with confirms, many at a time, and holds nothing back: what is not confirmed is the caller's to repeat. */
export interface Publisher {
  /**
   * Resolves once the broker has the message safely in a queue.
   * @throws `unavailable` when there is no channel, or the outcome is unknown: repeat it under the same message id.
   * @throws `unroutable` when no queue takes it, `invalid-message` when it can't be encoded.
   */
  publish(message: OutgoingMessage): Promise<void>;
  close(): Promise<void>;
}

interface Pending {
  deadline: number;
  reject: (reason: Error) => void;
}

/** How often to look for overdue confirms: one look for all is much cheaper than a timer for each. */
const watchMs = 250;

export interface PublisherOptions {
  name: string;
  logger: Logger;
  /** Runs on every new channel before anything is published there: declares what it publishes to. */
  prepare?: (channel: ConfirmChannel) => Promise<void>;
  /** After so long without a confirm, nobody knows whether the broker has the message. */
  confirmTimeoutMs?: number;
}

/** Makes a publisher with a channel of its own; while the broker is away every publish is refused at once. */
export function createPublisher(broker: Broker, options: PublisherOptions): Publisher {
  const { name, logger, prepare = () => Promise.resolve(), confirmTimeoutMs = 30_000 } = options;
  const pending = new Set<Pending>();
  const returned = new Set<string>();
  let channel: ConfirmChannel | undefined;
  let congestion: { over: Promise<void>; end: () => void } | undefined;

  const kept = keepChannel(broker.publishing, {
    name,
    logger,
    open: (connection) => connection.createConfirmChannel(),
    use: async (opened) => {
      await prepare(opened);
      channel = opened;
      opened.on('drain', () => endCongestion());
      // The return of an unroutable message comes before its confirm.
      opened.on('return', ({ properties }) => returned.add(String(properties.messageId)));
      return () => abandon('The channel was lost before the confirm came');
    },
  });

  /** No more of this channel: nobody knows what became of the messages that it has not confirmed. */
  function abandon(reason: string): void {
    channel = undefined;
    for (const { reject } of pending) reject(fail('unavailable', reason));
    pending.clear();
    returned.clear();
    endCongestion();
  }

  /** A confirm may never come: the broker is short of memory and reads nothing, or the line is dead. */
  const watching = setInterval(() => {
    const [oldest] = pending;
    if (!oldest || oldest.deadline > performance.now()) return;
    logger.warn({ channel: name, unconfirmed: pending.size }, 'confirms are overdue; giving the channel up');
    if (channel) void close(channel); // It may be stuck itself; then it ends with its connection.
    abandon(`No confirm within ${confirmTimeoutMs} ms`);
  }, watchMs);

  function endCongestion(): void {
    congestion?.end();
    congestion = undefined;
  }

  function beginCongestion(): void {
    let end = (): void => undefined;
    const over = new Promise<void>((resolve) => (end = resolve));
    congestion = { over, end };
  }

  function send(to: ConfirmChannel, message: OutgoingMessage): Promise<void> {
    const { exchange, routingKey, content, properties } = message;
    return new Promise((resolve, reject) => {
      const waiting: Pending = { deadline: performance.now() + confirmTimeoutMs, reject };
      const more = to.publish(exchange, routingKey, content, { ...properties, mandatory: true }, (refused: unknown) => {
        if (!pending.delete(waiting)) return;
        const { messageId } = properties;
        if (refused) reject(fail('unavailable', `The broker refused message ${messageId}`));
        else if (returned.delete(messageId))
          reject(fail('unroutable', `No queue takes ${routingKey} from ${exchange}`));
        else resolve();
      });
      pending.add(waiting);
      // A full socket means "slow down": the message itself is on its way.
      if (!more && !congestion) beginCongestion();
    });
  }

  return {
    async publish(message) {
      while (congestion) await congestion.over;
      if (!channel) throw fail('unavailable', 'There is no connection to RabbitMQ just now');
      await send(channel, message).catch(explain);
    },
    async close() {
      clearInterval(watching);
      await kept.close();
    },
  };
}

/** What amqplib throws by itself: a channel that has just closed, or a value that AMQP can't encode. */
function explain(error: unknown): never {
  if (error instanceof PlatformError) throw error;
  const { name, message } = error as Error;
  throw fail(name === 'IllegalOperationError' ? 'unavailable' : 'invalid-message', message);
}
