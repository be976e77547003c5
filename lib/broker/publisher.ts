import type { ConfirmChannel } from 'amqplib';
import { fail, PlatformError } from '../errors/errors';
import type { Logger } from '../telemetry/logger';
import { createMetrics, type Metrics } from '../telemetry/metrics';
import { keepChannel } from './channel';
import { close } from './closing';
import type { Broker } from './connection';
import type { OutgoingMessage } from './envelope';
import { createNackJudge, type NackRun, type ReplaceAfterMs } from './nacks';

/** Publishes with confirms, many at a time, and holds nothing back: what is not confirmed is the caller's to repeat. */
export interface Publisher {
  /**
   * Resolves once the broker has the message safely in a queue.
   * @throws `unavailable` when there is no channel, or the outcome is unknown: repeat it under the same message id.
   * @throws `broker-refused` when one of the queues does not take it; the others have it: again as for `unavailable`.
   *   When that goes on, the channel is replaced, as it may be at fault itself; callers notice a short wait.
   * @throws `unroutable` when no queue takes it, `invalid-message` when it can't be encoded.
   */
  publish(message: OutgoingMessage): Promise<void>;
  close(): Promise<void>;
}

/** A message between the call of `publish` and its outcome. */
interface Job {
  message: OutgoingMessage;
  /** When its confirm is overdue. */
  deadline: number;
  resolve: () => void;
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
  /** How long publishes are nacked until the channel is replaced. */
  replaceAfterMs?: ReplaceAfterMs;
  /** Counts replaced channels; not counted when left out. */
  metrics?: Metrics;
}

/** How long a channel that is replaced may take to confirm what it was sent. */
const drainMs = 1_000;

/** Makes a publisher with a channel of its own; while the broker is away every publish is refused at once. */
export function createPublisher(broker: Broker, options: PublisherOptions): Publisher {
  const { name, logger, prepare = () => Promise.resolve(), confirmTimeoutMs = 30_000 } = options;
  const { replaceAfterMs = [1_000, 30_000], metrics = createMetrics() } = options;
  const judge = createNackJudge(replaceAfterMs);
  const replacements = metrics.counter(
    'messaging_channel_replacements_total',
    'Channels given up by a publisher, because publishes were nacked or confirms were overdue',
    ['channel', 'reason'],
  );
  /** Sent, in order, and not confirmed. */
  const pending = new Set<Job>();
  /** Not sent, in order: the socket is full, or the channel is being replaced. */
  const waiting: Job[] = [];
  /** Ids of messages that came back; the return of a message comes before its confirm. */
  const returned = new Set<string>();
  let channel: ConfirmChannel | undefined;
  let isFull = false;
  /** Since when the channel is being replaced. */
  let replacing: number | undefined;

  const kept = keepChannel(broker.publishing, {
    name,
    logger,
    open: (connection) => connection.createConfirmChannel(),
    use: async (opened) => {
      await prepare(opened);
      opened.on('drain', sendWaiting);
      opened.on('return', ({ properties }) => returned.add(String(properties.messageId)));
      channel = opened;
      judge.opened();
      replacing = undefined;
      sendWaiting();
      return () => abandon('The channel was lost before the confirm came', replacing === undefined ? 'all' : 'sent');
    },
  });

  function send(job: Job): void {
    const { exchange, routingKey, content, properties } = job.message;
    try {
      if (!channel) throw fail('unavailable', 'There is no connection to RabbitMQ just now');
      // False means "slow down": the message itself is on its way.
      isFull = !channel.publish(exchange, routingKey, content, { ...properties, mandatory: true }, (failure: unknown) =>
        settle(job, failure),
      );
      job.deadline = performance.now() + confirmTimeoutMs;
      pending.add(job);
    } catch (error) {
      job.reject(explain(error));
    }
  }

  function submit(job: Job): void {
    if (isFull || replacing !== undefined) waiting.push(job);
    else send(job);
  }

  function sendWaiting(): void {
    isFull = false;
    waiting.splice(0).forEach(submit);
  }

  function settle(job: Job, unconfirmed: unknown): void {
    if (!pending.delete(job)) return;
    const failure = failureOf(job.message, unconfirmed, returned.delete(job.message.properties.messageId));
    if (failure) job.reject(failure);
    else job.resolve();
    if (isNack(unconfirmed)) {
      const run = judge.nacked(job.message, performance.now());
      if (run && replacing === undefined) replace(run, job.message);
    } else if (!unconfirmed) judge.acked(job.message);
    if (replacing !== undefined) closeOnceDrained(replacing);
  }

  /** What is under way is settled first, and what is published meanwhile waits for the next channel. */
  function replace(run: NackRun, { exchange, routingKey }: OutgoingMessage): void {
    logger.warn({ channel: name, exchange, routingKey, ...run }, 'publishes are nacked; replacing the channel');
    replacements.inc({ channel: name, reason: 'nacked' });
    replacing = performance.now();
  }

  function closeOnceDrained(since: number): void {
    if (!channel || (pending.size > 0 && performance.now() < since + drainMs)) return;
    void close(channel);
    channel = undefined;
  }

  /** No more of this channel: nobody knows what became of the messages that it has not confirmed. */
  function abandon(reason: string, which: 'sent' | 'all' = 'all'): void {
    channel = undefined;
    isFull = false;
    const lost = which === 'all' ? [...pending, ...waiting.splice(0)] : [...pending];
    pending.clear();
    returned.clear();
    if (which === 'all') replacing = undefined;
    for (const { reject } of lost) reject(fail('unavailable', reason));
  }

  /** A confirm may never come: the broker is short of memory and reads nothing, or the line is dead. */
  function giveUpOverdue(now: number): void {
    const [oldest] = pending;
    if (!oldest || oldest.deadline > now) return;
    logger.warn({ channel: name, unconfirmed: pending.size }, 'confirms are overdue; giving the channel up');
    replacements.inc({ channel: name, reason: 'overdue' });
    if (channel) void close(channel); // It may be stuck itself; then it ends with its connection.
    abandon(`No confirm within ${confirmTimeoutMs} ms`);
  }

  /** The next channel may never come either. */
  function watchReplacement(since: number, now: number): void {
    if (channel) closeOnceDrained(since);
    else if (!broker.publishing.isUp() || now > since + confirmTimeoutMs) abandon('There is no new channel');
  }

  const watching = setInterval(() => {
    giveUpOverdue(performance.now());
    if (replacing !== undefined) watchReplacement(replacing, performance.now());
  }, watchMs);

  return {
    publish: (message) => new Promise((resolve, reject) => submit({ message, deadline: 0, resolve, reject })),
    async close() {
      clearInterval(watching);
      await kept.close();
      abandon('The publisher is closed');
    },
  };
}

// amqplib calls back for a refusal and for a channel that is lost; only the words differ.
const isNack = (unconfirmed: unknown): boolean =>
  unconfirmed instanceof Error && unconfirmed.message === 'message nacked';

function failureOf(message: OutgoingMessage, unconfirmed: unknown, isReturned: boolean): Error | undefined {
  const { exchange, routingKey, properties } = message;
  if (unconfirmed instanceof Error && !isNack(unconfirmed))
    return fail('unavailable', `Nobody knows of message ${properties.messageId}: ${unconfirmed.message}`);
  if (unconfirmed)
    return fail('broker-refused', `A queue refused message ${properties.messageId}: it is full, or cannot store it`);
  return isReturned ? fail('unroutable', `No queue takes ${routingKey} from ${exchange}`) : undefined;
}

/** What amqplib throws by itself: the channel has just closed, or the message can't be written as AMQP. */
function explain(error: unknown): Error {
  if (error instanceof PlatformError) return error;
  const { name, message } = error as Error;
  return fail(name === 'IllegalOperationError' ? 'unavailable' : 'invalid-message', message);
}
