import { exchanges } from '../../contracts/events';
import { tokenRevoked, userErased, userLocked, userUnlocked } from '../../contracts/events/user';
import { streamTopology } from '../../lib/broker/topology/streams';

/** The stream that every process with an API reads as a whole (docs/decisions/15-token-revocation.md). */
export const revocationsQueue = 'token-revocations';

/** About 200,000 revocations. */
const maxBytes = 100_000_000;

export const revocationsTopology = streamTopology({
  queue: revocationsQueue,
  exchange: exchanges.users.name,
  bindings: [userErased, userLocked, userUnlocked, tokenRevoked].map(({ type }) => type),
  maxBytes,
});
