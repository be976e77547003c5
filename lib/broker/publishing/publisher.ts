import type { ConfirmChannel } from 'amqplib';
import type { Logger } from '../../telemetry/logger';
import { createMetrics, type Metrics } from '../../telemetry/metrics';
import { keepChannel } from '../connection/channel';
import { close } from '../connection/single-connection';
import type { Broker } from '../connection/connection';
import type { OutgoingMessage } from '../../events/envelope';
import { createNackJudge, type NackStreak, type ReplaceAfterMs } from './nacks';
import { createSender, type Outcome } from './sender';

/** Publishes with confirms, many at a time. It keeps no messages: the caller repeats what was not confirmed. */
export interface Publisher {
  /**
   * Resolves once the broker has the message safely in a queue.
   * @throws `unavailable` when there is no channel, or the outcome is unknown: repeat it with the same message id.
   * @throws `broker-refused` when one of the queues refuses it; the others have it. Repeat it as for `unavailable`.
   *   If nacks go on, the channel is replaced, because it may be at fault itself; callers notice a short wait.
   * @throws `unroutable` when no queue is bound for it, `invalid-message` when it cannot be encoded.
   */
  publish(message: OutgoingMessage): Promise<void>;
  close(): Promise<void>;
}

/** How often to check for overdue confirms: one check for all is much cheaper than a timer for each. */
const watchMs = 250;

export interface PublisherOptions {
  name: string;
  logger: Logger;
  /** Runs on every new channel before anything is published there: declares what it publishes to. */
  prepare?: (channel: ConfirmChannel) => Promise<void>;
  /** After this time without a confirm, it is unknown whether the broker has the message. */
  confirmTimeoutMs?: number;
  /** How long publishes are nacked before the channel is replaced. */
  replaceAfterMs?: ReplaceAfterMs;
  /** Counts replaced channels; optional. */
  metrics?: Metrics;
}

/** How long a channel that is being replaced may take to confirm what it was sent. */
const drainMs = 1_000;

/** Creates a publisher with a channel of its own; while the broker is unreachable, every publish fails immediately. */
export function createPublisher(broker: Broker, options: PublisherOptions): Publisher {
  const { name, logger, prepare = () => Promise.resolve(), confirmTimeoutMs = 30_000 } = options;
  const { replaceAfterMs = [1_000, 30_000], metrics = createMetrics() } = options;
  const judge = createNackJudge(replaceAfterMs);
  const sender = createSender(broker.user, confirmTimeoutMs, onOutcome);
  const replacements = replacementsIn(metrics);
  let channel: ConfirmChannel | undefined;
  /** Since when the channel is being replaced. */
  let replacingSince: number | undefined;

  const kept = keepChannel(broker.publishing, {
    name,
    logger,
    open: (connection) => connection.createConfirmChannel(),
    use: async (opened) => {
      await prepare(opened);
      judge.opened();
      channel = opened;
      replacingSince = undefined;
      sender.use(opened);
      return () => {
        channel = undefined;
        // A replaced channel was closed on purpose: messages that wait for the next one keep waiting.
        sender.abandon(
          'The channel was lost before the confirm arrived',
          replacingSince === undefined ? 'all' : 'sent',
        );
      };
    },
  });

  function giveUp(reason: string): void {
    channel = undefined;
    replacingSince = undefined;
    sender.abandon(reason, 'all');
  }

  function onOutcome(message: OutgoingMessage, outcome: Outcome): void {
    if (outcome === 'acked') judge.acked(message);
    const run = outcome === 'nacked' ? judge.nacked(message, performance.now()) : undefined;
    if (run && replacingSince === undefined) replace(run, message);
    if (replacingSince !== undefined) closeOnceDrained(replacingSince);
  }

  /** Messages in flight are settled first; those published meanwhile wait for the next channel. */
  function replace(run: NackStreak, { exchange, routingKey }: OutgoingMessage): void {
    logger.warn({ channel: name, exchange, routingKey, ...run }, 'publishes are nacked; replacing the channel');
    replacements.inc({ channel: name, reason: 'nacked' });
    replacingSince = performance.now();
    sender.hold();
  }

  function closeOnceDrained(since: number): void {
    if (!channel || (sender.unconfirmed() > 0 && performance.now() < since + drainMs)) return;
    void close(channel);
    channel = undefined;
  }

  const watching = setInterval(() => {
    const now = performance.now();
    // A confirm may never arrive: the broker is short of memory and reads nothing, or the connection is dead.
    if (sender.isOverdue(now)) {
      logger.warn({ channel: name, unconfirmed: sender.unconfirmed() }, 'confirms are overdue; abandoning the channel');
      replacements.inc({ channel: name, reason: 'overdue' });
      if (channel) void close(channel); // If the close hangs as well, the channel ends with its connection.
      giveUp(`No confirm within ${confirmTimeoutMs} ms`);
    }
    if (replacingSince === undefined) return;
    closeOnceDrained(replacingSince);
    // The next channel may never open either.
    if (!broker.publishing.isUp() || now > replacingSince + confirmTimeoutMs) giveUp('No new channel could be opened');
  }, watchMs);

  return {
    publish: (message) => sender.send(message),
    async close() {
      clearInterval(watching);
      await kept.close();
      giveUp('The publisher is closed');
    },
  };
}

const replacementsIn = (metrics: Metrics) =>
  metrics.counter(
    'messaging_channel_replacements_total',
    'Channels that a publisher replaced, because publishes were nacked or confirms were overdue',
    ['channel', 'reason'],
  );
