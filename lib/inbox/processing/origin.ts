import { defaultExchange, type Provenance } from '../../broker/provenance';
import { fail } from '../../errors/errors';

/** Who may have published what is in a queue. */
export interface Origins {
  /** The producer's exchange: the broker's permissions say who may publish there. */
  exchange: string;
  /** Broker users whose messages may also come another way: the consumer's own, for retries, and the operators'. */
  users: readonly string[];
  /** Accepts also messages that name no user, as releases of before publish them. */
  acceptUnnamed: boolean;
}

/**
 * Whether a message comes from somebody who may have sent it. Every consumer publishes to the exchanges for delays and
 * dead letters, and a routing key, or a CC header, leads from there into any queue: such a message counts only when the
 * broker has checked that the user who published it is one of `users`. Where all services share one user of the broker,
 * nobody can be told apart, and everything is accepted.
 */
export const isTrusted = (provenance: Provenance, { exchange, users, acceptUnnamed }: Origins): boolean =>
  [exchange, defaultExchange].includes(provenance.exchange) ||
  isOfUsers(provenance, users) ||
  (provenance.user === undefined && acceptUnnamed);

/** Whether one of `users` published it, as far as users can be told apart. */
export const isOfUsers = ({ user }: Provenance, users: readonly string[]): boolean =>
  new Set(users).size < 2 || (user !== undefined && users.includes(user));

/** @throws `untrusted-origin` when it may have been forged. */
export function mustBeTrusted(provenance: Provenance, origins: Origins): void {
  if (isTrusted(provenance, origins)) return;
  const { user = 'a publisher that names no user', exchange } = provenance;
  throw fail(
    'untrusted-origin',
    `Published by ${user} to ${exchange}; only ${origins.exchange}, and users ${origins.users.join(' and ')}, may send to this queue`,
  );
}
