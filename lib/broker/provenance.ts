import type { MessageFields } from 'amqplib';
import { namespace } from '../config/namespace';
import { platformError } from '../errors/errors';

/** Where a message was published, and by which broker user; the broker vouches for both. */
export interface Provenance {
  exchange: string;
  /** Undefined when its publisher did not name itself. */
  user: string | undefined;
}

interface Delivered {
  fields: Pick<MessageFields, 'exchange'>;
  properties: { userId?: unknown; headers?: Record<string, unknown> | undefined };
}

/** Delivers to the queue that the routing key names; only administrators may publish to it. */
export const defaultExchange = '';

/** Routes into one queue while messages are moved there; only an administrator may declare it. */
export const fillingExchange = (queue: string): string => `${queue}.filling`;
const isFilling = (exchange: string): boolean => exchange.endsWith('.filling');

/** Headers of a message that was moved from one queue to another: its original provenance. */
const movedHeaders = { exchange: `${namespace}-moved-exchange`, user: `${namespace}-moved-user` };

/** The headers to add to a message that is moved, so that the move does not make it trusted. */
export function headersOfMoved(message: Delivered): Record<string, string> {
  const { exchange, user = '' } = provenanceOf(message);
  return { [movedHeaders.exchange]: exchange, [movedHeaders.user]: user };
}

/** The provenance of a message; of one that was moved, its original provenance. */
export function provenanceOf({ fields, properties: { userId, headers = {} } }: Delivered): Provenance {
  if (!isFilling(fields.exchange)) return { exchange: fields.exchange, user: nameIn(userId) };
  const exchange = headers[movedHeaders.exchange];
  // Moved by a release that did not record it: an administrator has vouched for it.
  if (typeof exchange !== 'string') return { exchange: defaultExchange, user: undefined };
  return { exchange, user: nameIn(headers[movedHeaders.user]) };
}

const nameIn = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** Who may publish to a queue. */
export interface Origins {
  /** The producer's exchange: the broker's permissions say who may publish there. */
  exchange: string;
  /** Broker users whose messages may also arrive another way: the consumer's own, for retries, and the operators'. */
  users: readonly string[];
  /** Also accepts messages that name no user, as older releases publish them. */
  acceptUnnamed: boolean;
}

/**
 * Whether a message comes from a publisher that may have sent it. Every consumer can publish to the exchanges for
 * delays and dead letters, from which a routing key or a CC header leads to any queue: such a message is accepted only
 * when the broker has verified that its publisher is one of `users`. Where all services share one broker user,
 * publishers cannot be told apart, and everything is accepted.
 */
export const isTrusted = (provenance: Provenance, { exchange, users, acceptUnnamed }: Origins): boolean =>
  [exchange, defaultExchange].includes(provenance.exchange) ||
  isOfUsers(provenance, users) ||
  (provenance.user === undefined && acceptUnnamed);

/** Whether one of `users` published it, as far as users can be told apart. */
export const isOfUsers = ({ user }: Provenance, users: readonly string[]): boolean =>
  new Set(users).size < 2 || (user !== undefined && users.includes(user));

/** @throws `untrusted-origin` when it may have been forged. */
export function assertTrusted(provenance: Provenance, origins: Origins): void {
  if (isTrusted(provenance, origins)) return;
  const { user = 'a publisher without a user id', exchange } = provenance;
  throw platformError(
    'untrusted-origin',
    `Published by ${user} to ${exchange}; this queue accepts only messages from ${origins.exchange} and from users ${origins.users.join(' and ')}`,
  );
}
