import type { Channel, ConsumeMessage } from 'amqplib';
import type { Kysely } from 'kysely';
import { toMessageAgain, type Envelope } from '../../events/envelope';
import type { Outcome } from './apply';
import type { IncomingMessage } from '../message';
import { unpark } from '../store';
import type { Subscription } from '../subscription/subscription';

/** A message to finish, from the broker or from the table of parked events. */
export interface Delivery {
  message: IncomingMessage;
  /** Aborted when the message no longer belongs to this consumer: the broker delivers it again. */
  ended: AbortSignal;
  /** Tells the source that the message is finished. */
  acknowledge: (outcome: Outcome | 'forwarded') => void | Promise<void>;
}

/** A message that can be read as an event. */
export type EventDelivery = Delivery & { event: Envelope };

/** A message from the broker; it belongs to this consumer until it is acknowledged, or until its channel closes. */
export function fromChannel(channel: Channel, message: ConsumeMessage, ended: AbortSignal): Delivery {
  return {
    message,
    ended,
    acknowledge() {
      if (ended.aborted) return;
      try {
        channel.ack(message);
      } catch {
        // The channel is closing: the broker delivers the message again, and it is recognised as a duplicate.
      }
    },
  };
}

/** A parked event, as if it were delivered now. */
export function fromParked(
  db: Kysely<unknown>,
  { name, exchange }: Subscription,
  event: Envelope,
  ended: AbortSignal,
): EventDelivery {
  const message = toMessageAgain(event, exchange.name);
  return {
    event,
    message: { ...message, fields: message },
    ended,
    acknowledge: (outcome) => (outcome === 'parked' ? undefined : unpark(db, name, event)),
  };
}
