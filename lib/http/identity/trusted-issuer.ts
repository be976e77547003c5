import { createLocalJWKSet, type JWTVerifyGetKey } from 'jose';
import { accessTokenType, roleClaim, type IssuerName } from './issuer';
import { algorithms, type Algorithm, type TokenKey } from './token-keys';

/** An issuer whose tokens are accepted, and what its tokens look like. */
export interface TrustedIssuer {
  issuer: string;
  /** The name of this API in the claim `aud`. */
  audience: string;
  /** Accepted values of the header `typ`, in lower case. */
  types: readonly string[];
  algorithms: readonly Algorithm[];
  claims: ClaimNames;
  /** Finds the key that a token names. */
  keys: JWTVerifyGetKey;
}

/** Where a token says who its bearer is. A name may lead into objects: `realm_access.roles`. */
export interface ClaimNames {
  /** The id of the user. */
  user: string;
  /** `derived`: the ids of this issuer are no UUIDs, and each gets one of its own. */
  userIds: 'uuid' | 'derived';
  /** One role, or several. */
  role: string;
  /** What the roles of the token are called here; without it, they have the same names. Others do not count. */
  roles?: Readonly<Record<string, string>>;
  /** Of a token without a role. */
  defaultRole?: string;
  /** The claim whose scopes restrict those of the role; without it, the token has all scopes of its role. */
  scope?: string;
}

/** How the tokens of the built-in issuer are verified. */
export const builtInIssuer = ({
  issuer,
  audience,
  keys,
}: IssuerName & { keys: readonly TokenKey[] }): TrustedIssuer => ({
  issuer,
  audience,
  types: [accessTokenType],
  algorithms,
  claims: { user: 'sub', userIds: 'uuid', role: roleClaim },
  keys: createLocalJWKSet({ keys: keys.map(({ publicJwk }) => publicJwk) }),
});
