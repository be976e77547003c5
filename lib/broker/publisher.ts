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
   * @throws `broker-refused` when one of the queues does not take it; the others have it: again as for `unavailable`.
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
}

/** Makes a publisher with a channel of its own; while the broker is away every publish is refused at once. */
export function createPublisher(broker: Broker, options: PublisherOptions): Publisher {
  const { name, logger, prepare = () => Promise.resolve(), confirmTimeoutMs = 30_000 } = options;
  /** Sent, in order, and not confirmed. */
  const pending = new Set<Job>();
  /** Not sent, in order: the socket is full. */
  const waiting: Job[] = [];
  /** Ids of messages that came back; the return of a message comes before its confirm. */
  const returned = new Set<string>();
  let channel: ConfirmChannel | undefined;
  let isFull = false;

  const kept = keepChannel(broker.publishing, {
    name,
    logger,
    open: (connection) => connection.createConfirmChannel(),
    use: async (opened) => {
      await prepare(opened);
      opened.on('drain', sendWaiting);
      opened.on('return', ({ properties }) => returned.add(String(properties.messageId)));
      channel = opened;
      return () => abandon('The channel was lost before the confirm came');
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
    if (isFull) waiting.push(job);
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
  }

  /** No more of this channel: nobody knows what became of the messages that it has not confirmed. */
  function abandon(reason: string): void {
    channel = undefined;
    isFull = false;
    for (const { reject } of [...pending, ...waiting]) reject(fail('unavailable', reason));
    pending.clear();
    waiting.length = 0;
    returned.clear();
  }

  /** A confirm may never come: the broker is short of memory and reads nothing, or the line is dead. */
  const watching = setInterval(() => {
    const [oldest] = pending;
    if (!oldest || oldest.deadline > performance.now()) return;
    logger.warn({ channel: name, unconfirmed: pending.size }, 'confirms are overdue; giving the channel up');
    if (channel) void close(channel); // It may be stuck itself; then it ends with its connection.
    abandon(`No confirm within ${confirmTimeoutMs} ms`);
  }, watchMs);

  return {
    publish: (message) => new Promise((resolve, reject) => submit({ message, deadline: 0, resolve, reject })),
    async close() {
      clearInterval(watching);
      await kept.close();
    },
  };
}

function failureOf(message: OutgoingMessage, unconfirmed: unknown, isReturned: boolean): Error | undefined {
  const { exchange, routingKey, properties } = message;
  // amqplib calls back for a refusal and for a channel that is lost; only the words differ.
  if (unconfirmed instanceof Error && unconfirmed.message !== 'message nacked')
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
