import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { TokenKey } from './token-keys';

/** The type of an access token in its header (RFC 9068). */
export const accessTokenType = 'at+jwt';
/** The claim with the role, in tokens of the built-in issuer. */
export const roleClaim = 'role';

/** The built-in issuer as others know it: the claims `iss` and `aud` of its tokens. */
export interface IssuerName {
  issuer: string;
  audience: string;
}

export interface TokenIssuer<RoleName extends string = string> {
  /** A bearer token; valid for twelve hours unless said otherwise. @throws Error when there is no private key. */
  sign(bearer: { userId: string; role: RoleName; expiresInSeconds?: number }): Promise<string>;
}

const twelveHours = 12 * 60 * 60;

/** The built-in issuer of access tokens (JWT, RFC 9068). The first private key signs. */
export function createTokenIssuer<RoleName extends string = string>({
  issuer,
  audience,
  keys,
  now = Date.now,
  ids = randomUUID,
}: IssuerName & { keys: readonly TokenKey[]; now?: () => number; ids?: () => string }): TokenIssuer<RoleName> {
  return {
    async sign({ userId, role, expiresInSeconds = twelveHours }) {
      const key = keys.find(({ privateKey }) => privateKey !== undefined);
      if (!key?.privateKey) throw new Error('No private key to sign tokens with: the keys given are public ones');
      const seconds = Math.floor(now() / 1_000);
      return new SignJWT({ [roleClaim]: role })
        .setProtectedHeader({ alg: key.algorithm, kid: key.kid, typ: accessTokenType })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(userId)
        .setJti(ids())
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + expiresInSeconds)
        .sign(key.privateKey);
    },
  };
}
