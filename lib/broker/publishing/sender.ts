import type { ConfirmChannel } from 'amqplib';
import { platformError, PlatformError } from '../../errors/errors';
import type { OutgoingMessage } from '../../events/envelope';

/** What became of a message that was sent; `lost`: nobody knows. */
export type Outcome = 'acked' | 'nacked' | 'lost';

/** Sends messages over one channel after another, and matches confirms with them. */
export interface Sender {
  /** Rejects as `Publisher.publish` does. */
  readonly send: (message: OutgoingMessage) => Promise<void>;
  /** From now on messages go over this channel, those first that wait for it. */
  readonly use: (channel: ConfirmChannel) => void;
  /** From now on messages wait for the next channel. */
  readonly hold: () => void;
  /** Messages sent and not confirmed. */
  readonly unconfirmed: () => number;
  readonly isOverdue: (now: number) => boolean;
  /** No more of this channel. Rejects what it has not confirmed, and, with `all`, what waits. */
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
 * @param user whom the connection is of; each message names it. The broker refuses any other, so it proves to consumers who
 * has published the message.
 * @param onOutcome is called for each message that was sent, once it is settled.
 */
export function createSender(
  user: string,
  confirmTimeoutMs: number,
  onOutcome: (message: OutgoingMessage, outcome: Outcome) => void,
): Sender {
  /** Sent, in order, and not confirmed. */
  const pending = new Set<Job>();
  /** Not sent, in order: the socket is full, or the next channel is not there yet. */
  const waiting: Job[] = [];
  /** Ids of messages that came back; the return of a message comes before its confirm. */
  const returned = new Set<string>();
  let channel: ConfirmChannel | undefined;
  let isFull = false;
  let isHeld = false;

  function send(job: Job): void {
    const { exchange, routingKey, content, properties } = job.message;
    try {
      if (!channel) throw platformError('unavailable', 'There is no connection to RabbitMQ just now');
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

// amqplib calls back for a refusal and for a channel that is lost; only the words differ.
const isNack = (unconfirmed: unknown): boolean =>
  unconfirmed instanceof Error && unconfirmed.message === 'message nacked';

function failureOf(message: OutgoingMessage, unconfirmed: unknown, isReturned: boolean): Error | undefined {
  const { exchange, routingKey, properties } = message;
  if (unconfirmed instanceof Error && !isNack(unconfirmed))
    return platformError('unavailable', `Nobody knows of message ${properties.messageId}: ${unconfirmed.message}`);
  if (unconfirmed)
    return platformError(
      'broker-refused',
      `A queue refused message ${properties.messageId}: it is full, or cannot store it`,
    );
  return isReturned ? platformError('unroutable', `No queue takes ${routingKey} from ${exchange}`) : undefined;
}

/** What amqplib throws by itself: the channel has just closed, or the message can't be written as AMQP. */
function explain(error: unknown): Error {
  if (error instanceof PlatformError) return error;
  const { name, message } = error as Error;
  return platformError(name === 'IllegalOperationError' ? 'unavailable' : 'invalid-message', message);
}
