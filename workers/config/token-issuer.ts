import { z } from 'zod';
import type { RoleName } from '../../contracts/http/roles';
import { createTokenIssuer, type TokenIssuer } from '../../lib/http/identity/issuer';
import { identitySettings } from './identity';

const { TOKEN_SIGNING_KEYS, TOKEN_ISSUER, TOKEN_AUDIENCE } = identitySettings;
const settings = z.object({ TOKEN_SIGNING_KEYS: TOKEN_SIGNING_KEYS.unwrap(), TOKEN_ISSUER, TOKEN_AUDIENCE });

/** The built-in issuer of a platform with this environment. @throws Error when it has no keys, or others than keys. */
export function tokenIssuerOf(env: Readonly<Record<string, string | undefined>>): TokenIssuer<RoleName> {
  const parsed = settings.safeParse(env);
  if (!parsed.success) throw new Error(`TOKEN_SIGNING_KEYS: ${parsed.error.issues[0]?.message ?? ''}`);
  const { TOKEN_SIGNING_KEYS: keys, TOKEN_ISSUER: issuer, TOKEN_AUDIENCE: audience } = parsed.data;
  return createTokenIssuer<RoleName>({ keys, issuer, audience });
}
