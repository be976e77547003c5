import type { Channel, ConsumeMessage } from 'amqplib';
import type { Kysely } from 'kysely';
import { toMessageAgain, type Envelope } from '../../events/envelope';
import type { Outcome } from './apply';
import type { IncomingMessage } from '../failure/failures';
import { unpark } from '../store';
import type { Subscription } from '../subscription/subscription';

/** A message to bring to an end, wherever it comes from. */
export interface Delivery {
  message: IncomingMessage;
  /** Aborted when it is no longer ours: the broker, or the table of the parked, has it again. */
  over: AbortSignal;
  /** Tells where it came from that nothing more need be done there. */
  settle: (end: Outcome | 'moved on') => void | Promise<void>;
}

/** A message that can be read as an event. */
export type EventDelivery = Delivery & { event: Envelope };

/** What the broker has delivered: ours until it is acknowledged, or until its channel ends. */
export function fromChannel(channel: Channel, message: ConsumeMessage, over: AbortSignal): Delivery {
  return {
    message,
    over,
    settle() {
      if (over.aborted) return;
      try {
        channel.ack(message);
      } catch {
        // The channel is just closing: the broker delivers again, and what was done is found done.
      }
    },
  };
}

/** What has waited in the database, as if it were delivered now. */
export function fromParked(
  db: Kysely<unknown>,
  { name, exchange }: Subscription,
  event: Envelope,
  over: AbortSignal,
): EventDelivery {
  const message = toMessageAgain(event, exchange.name);
  return {
    event,
    message: { ...message, fields: message },
    over,
    settle: (end) => (end === 'parked' ? undefined : unpark(db, name, event)),
  };
}
