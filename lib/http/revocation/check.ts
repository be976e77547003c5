import { platformError } from '../../errors/errors';
import type { AppContext } from '../env';
import type { Bearer } from '../identity/bearer';

/**
 * Refuses a token that was revoked. A response that outlives its request, such as a stream, asks `isRevoked` again.
 * @throws `unauthorized`
 */
export function refuseRevoked(c: AppContext, { actor, jti, issuedAt }: Bearer): void {
  const revocations = c.get('revocations');
  const isRevoked = (): boolean => revocations.isRevoked({ subject: actor.userId, tokenId: jti, issuedAt });
  if (isRevoked()) throw platformError('unauthorized', 'The token has been revoked');
  c.set('isRevoked', isRevoked);
}
