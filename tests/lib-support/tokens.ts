import type { Roles } from '../../lib/http/identity/bearer';
import { createTokenIssuer, type TokenIssuer } from '../../lib/http/identity/issuer';
import { newTokenKey, tokenKeys } from '../../lib/http/identity/token-keys';
import { builtInIssuer } from '../../lib/http/identity/trusted-issuer';
import { createTokenVerifier, type TokenVerifier } from '../../lib/http/identity/verifier';

/** A built-in issuer with a key of its own, and what verifies its tokens. */
export interface TestTokens<RoleName extends string = string> {
  issuer: TokenIssuer<RoleName>;
  verifier: TokenVerifier;
}

const name = { issuer: 'tests', audience: 'tests' };

export function createTestTokens<RoleName extends string>(
  roles: Roles & Record<RoleName, Roles[string]>,
  now = Date.now,
): TestTokens<RoleName> {
  const keys = tokenKeys.parse(JSON.stringify(newTokenKey()));
  return {
    issuer: createTokenIssuer<RoleName>({ ...name, keys, now }),
    verifier: createTokenVerifier({ issuers: [builtInIssuer({ ...name, keys })], roles, now }),
  };
}
