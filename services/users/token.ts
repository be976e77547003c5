import { tokenEvents, tokenRevoked } from '../../contracts/events/user';
import { defineAggregate } from '../../lib/aggregate/aggregate';

export interface TokenCommand {
  type: 'revoke';
  tokenId: string;
}

/** A token that was issued elsewhere: all that is known here is that it was revoked. */
export const token = defineAggregate({
  stream: 'token',
  events: tokenEvents,
  decide: ({ tokenId }: TokenCommand, revoked: true | undefined) => (revoked ? [] : [tokenRevoked({ tokenId })]),
  evolve: (): true => true,
});
