import { roles } from '../../contracts/http/roles';
import { fetchKeys } from '../../lib/http/identity/provider-keys';
import { createRotatingKeys } from '../../lib/http/identity/rotating-keys';
import { builtInIssuer, type TrustedIssuer } from '../../lib/http/identity/trusted-issuer';
import { createTokenVerifier, type TokenVerifier } from '../../lib/http/identity/verifier';
import type { PlatformConfig } from '../config/config';
import type { ProviderSettings } from '../config/identity';
import type { Platform } from '../platform/platform';

type Watched = Pick<Platform, 'config' | 'live' | 'logger' | 'metrics'>;

/**
 * Verifies the tokens of the built-in issuer, where its keys are configured, and of the configured providers. Tokens that
 * were signed with a key that has been removed since are refused.
 */
export function createPlatformVerifier({ config, live, logger, metrics }: Watched): TokenVerifier {
  const fetches = metrics.counter('http_identity_keys_fetched_total', 'Attempts to fetch the keys of a provider', [
    'issuer',
    'outcome',
  ]);
  const watch = (issuer: string) => (error?: unknown) => {
    fetches.inc({ issuer, outcome: error === undefined ? 'fetched' : 'failed' });
    if (error !== undefined) logger.warn({ err: error, issuer }, 'keys of the identity provider could not be fetched');
  };
  const providers = config.OIDC_PROVIDERS.map((one) => trust(one, watch(one.issuer)));
  const keys = live('TOKEN_SIGNING_KEYS');
  const create = () =>
    createTokenVerifier({
      issuers: [...ownIssuer(config, keys.current()), ...providers],
      roles,
      clockSkewSeconds: config.TOKEN_CLOCK_SKEW_SECONDS,
    });
  let verifier = create();
  // A new one, because the other has cached tokens.
  keys.onChange(() => (verifier = create()));
  return { verify: (token) => verifier.verify(token) };
}

function ownIssuer(
  { TOKEN_ISSUER: issuer, TOKEN_AUDIENCE: audience }: PlatformConfig,
  keys: PlatformConfig['TOKEN_SIGNING_KEYS'],
): TrustedIssuer[] {
  return keys === undefined ? [] : [builtInIssuer({ issuer, audience, keys })];
}

function trust(provider: ProviderSettings, onFetched: (error?: unknown) => void): TrustedIssuer {
  const { issuer, audience, types, algorithms, jwksUrl } = provider;
  const { userClaim: user, userIds, roleClaim: role, roles: renamed, defaultRole, scopeClaim: scope } = provider;
  return {
    issuer,
    audience,
    types,
    algorithms,
    claims: {
      user,
      userIds,
      role,
      ...(renamed ? { roles: renamed } : {}),
      ...(defaultRole === undefined ? {} : { defaultRole }),
      ...(scope === undefined ? {} : { scope }),
    },
    keys: createRotatingKeys({ issuer, fetch: () => fetchKeys({ issuer, jwksUrl }), onFetched }),
  };
}
