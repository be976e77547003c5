import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import type { Logger } from '../../telemetry/logger';
import { keepChannel } from '../connection/channel';
import type { Link } from '../connection/link';
import { close } from '../connection/single-connection';

/** Reads a stream queue as a whole: every reader gets every message, and none is taken away. */
export interface StreamReader {
  /** Resolves when all messages that the stream has at that moment are read; from then on a lost channel is replaced. */
  start(): Promise<void>;
  /** Since when nothing can be received; undefined while it reads. */
  deafSince(): Date | undefined;
  stop(): Promise<void>;
}

const prefetch = 500;
/** The broker's count may be too high while it deletes old messages: after this time without a message, all are read. */
const silenceMs = 2_000;

/**
 * Creates a reader that begins with the first message, and again after each reconnect, so it misses none and gets many
 * again: `onMessage` must be idempotent. It must not throw, since no message can be refused.
 */
export function createStreamReader({
  link,
  queue,
  onMessage,
  logger,
  clock = () => new Date(),
}: {
  link: Link;
  queue: string;
  onMessage: (message: ConsumeMessage) => void;
  logger: Logger;
  clock?: () => Date;
}): StreamReader {
  let deafSince: Date | undefined = clock();
  let kept: { close(): Promise<void> } | undefined;

  async function read(channel: Channel, onCaughtUp: () => void): Promise<() => void> {
    const { messageCount } = await channel.checkQueue(queue);
    let unread = messageCount;
    const silence = setTimeout(() => caughtUp(), silenceMs);
    const caughtUp = (): void => {
      clearTimeout(silence);
      deafSince = undefined;
      onCaughtUp();
    };
    await channel.prefetch(prefetch); // A stream delivers nothing without one.
    await channel.consume(
      queue,
      (message) => {
        // Null: the broker has cancelled the consumer. A new channel is opened.
        if (!message) return void close(channel);
        onMessage(message);
        channel.ack(message);
        unread -= 1;
        if (unread === 0) caughtUp();
        else if (unread > 0) silence.refresh();
      },
      { arguments: { 'x-stream-offset': 'first' } },
    );
    if (unread === 0) caughtUp();
    return () => {
      clearTimeout(silence);
      deafSince ??= clock();
    };
  }

  return {
    start: () =>
      new Promise((resolve) => {
        const open = (connection: ChannelModel) => connection.createChannel();
        kept ??= keepChannel(link, { name: queue, logger, open, use: (channel) => read(channel, resolve) });
      }),
    deafSince: () => deafSince,
    stop: async () => kept?.close(),
  };
}
