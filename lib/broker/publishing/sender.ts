import type { ConfirmChannel } from 'amqplib';
import { platformError, PlatformError } from '../../errors/errors';
import type { OutgoingMessage } from '../../events/envelope';

/** The outcome of a message that was sent; `lost`: unknown. */
export type Outcome = 'acked' | 'nacked' | 'lost';

/** Sends messages over one channel after another, and matches confirms to them. */
export interface Sender {
  /** Rejects as `Publisher.publish` does. */
  readonly send: (message: OutgoingMessage) => Promise<void>;
  /** From now on messages go over this channel, waiting ones first. */
  readonly use: (channel: ConfirmChannel) => void;
  /** From now on messages wait for the next channel. */
  readonly hold: () => void;
  /** The number of messages sent and not yet confirmed. */
  readonly unconfirmed: () => number;
  readonly isOverdue: (now: number) => boolean;
  /** Stops using the channel. Rejects what it has not confirmed and, with `all`, what is waiting. */
  readonly abandon: (reason: string, which: 'sent' | 'all') => void;
}

/** A message between the call of `send` and its outcome. */
interface Job {
  message: OutgoingMessage;
  /** When its confirm is overdue. */
  deadline: number;
  resolve: () => void;
  reject: (reason: Error) => void;
}

/**
 * @param user the user of the connection; each message names it. The broker refuses any other, so it proves to
 * consumers who published the message.
 * @param onOutcome called for each message that was sent, once its outcome is decided
 */
export function createSender(
  user: string,
  confirmTimeoutMs: number,
  onOutcome: (message: OutgoingMessage, outcome: Outcome) => void,
): Sender {
  /** Sent, in order, and not yet confirmed. */
  const pending = new Set<Job>();
  /** Not sent yet, in order: the socket is full, or the next channel is not open. */
  const waiting: Job[] = [];
  /** Ids of returned messages; a message is returned before it is confirmed. */
  const returned = new Set<string>();
  let channel: ConfirmChannel | undefined;
  let isFull = false;
  let isHeld = false;

  function send(job: Job): void {
    const { exchange, routingKey, content, properties } = job.message;
    try {
      if (!channel) throw platformError('unavailable', 'Not connected to RabbitMQ; reconnecting');
      // False means "slow down": the message itself is on its way.
      const sent = { ...properties, userId: user, mandatory: true };
      isFull = !channel.publish(exchange, routingKey, content, sent, (failure: unknown) => settle(job, failure));
      job.deadline = performance.now() + confirmTimeoutMs;
      pending.add(job);
    } catch (error) {
      job.reject(explain(error));
    }
  }

  function submit(job: Job): void {
    if (isFull || isHeld) waiting.push(job);
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
    onOutcome(job.message, isNack(unconfirmed) ? 'nacked' : unconfirmed ? 'lost' : 'acked');
  }

  return {
    send: (message) => new Promise((resolve, reject) => submit({ message, deadline: 0, resolve, reject })),
    use(opened) {
      opened.on('drain', sendWaiting);
      opened.on('return', ({ properties }) => returned.add(String(properties.messageId)));
      channel = opened;
      isHeld = false;
      sendWaiting();
    },
    hold: () => {
      isHeld = true;
    },
    unconfirmed: () => pending.size,
    isOverdue(now) {
      const [oldest] = pending;
      return oldest !== undefined && oldest.deadline <= now;
    },
    abandon(reason, which) {
      channel = undefined;
      isFull = false;
      if (which === 'all') isHeld = false;
      for (const { reject } of [...pending, ...(isHeld ? [] : waiting.splice(0))])
        reject(platformError('unavailable', reason));
      pending.clear();
      returned.clear();
    },
  };
}

// amqplib calls back for a nack and for a lost channel; only the messages differ.
const isNack = (unconfirmed: unknown): boolean =>
  unconfirmed instanceof Error && unconfirmed.message === 'message nacked';

function failureOf(message: OutgoingMessage, unconfirmed: unknown, isReturned: boolean): Error | undefined {
  const { exchange, routingKey, properties } = message;
  if (unconfirmed instanceof Error && !isNack(unconfirmed))
    return platformError(
      'unavailable',
      `The outcome of message ${properties.messageId} is unknown: ${unconfirmed.message}`,
    );
  if (unconfirmed)
    return platformError(
      'broker-refused',
      `A queue refused message ${properties.messageId}: it is full, or cannot store it`,
    );
  return isReturned ? platformError('unroutable', `No queue is bound to ${exchange} for ${routingKey}`) : undefined;
}

/** What amqplib throws synchronously: the channel has just closed, or the message cannot be encoded. */
function explain(error: unknown): Error {
  if (error instanceof PlatformError) return error;
  const { name, message } = error as Error;
  return platformError(name === 'IllegalOperationError' ? 'unavailable' : 'invalid-message', message);
}
