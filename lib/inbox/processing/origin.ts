import { defaultExchange, type Provenance } from '../../broker/provenance';
import { platformError } from '../../errors/errors';

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
