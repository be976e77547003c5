import type { ConsumeMessage } from 'amqplib';
import { fail } from '../errors/errors';

/** Who may have published what is in a consumer's queue. */
export interface Origins {
  /** Its producer's exchange: the broker's permissions say who may publish there. */
  exchange: string;
  /** Broker users whose messages may also come another way: the consumer's own, for retries, and the operators'. */
  users: readonly string[];
}

/** Where a message was last published, and by whom; the broker vouches for both. */
export interface Provenance {
  fields: Pick<ConsumeMessage['fields'], 'exchange'>;
  properties: { userId?: unknown };
}

/**
 * Whether a message comes from somebody who may have sent it. Every consumer publishes to the exchanges for delays and
 * dead letters, and a routing key, or a CC header, leads from there into any queue: such a message counts only when the
 * broker has checked that the user who published it is one of `users`.
 */
export const isTrusted = ({ fields, properties }: Provenance, { exchange, users }: Origins): boolean =>
  [exchange, defaultExchange].includes(fields.exchange) || users.some((user) => user === properties.userId);

/** Leads straight into any queue; only an administrator may publish there. */
const defaultExchange = '';

/** @throws `untrusted-origin` when it may have been forged. */
export function mustBeTrusted(message: Provenance, origins: Origins): void {
  if (isTrusted(message, origins)) return;
  const { userId = 'an unknown user' } = message.properties;
  throw fail(
    'untrusted-origin',
    `Published by ${String(userId)} to ${message.fields.exchange}; only ${origins.exchange}, and users ${origins.users.join(' and ')}, may send to this queue`,
  );
}
