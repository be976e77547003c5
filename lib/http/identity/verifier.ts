import { decodeJwt, decodeProtectedHeader, errors, jwtVerify, type JWTPayload } from 'jose';
import { PlatformError, platformError } from '../../errors/errors';
import type { Bearer, Roles } from './bearer';
import { bearerOf } from './claims';
import type { TrustedIssuer } from './trusted-issuer';

export interface TokenVerifier {
  /**
   * @throws `unauthorized` for a token that is expired, forged, malformed, of an unknown issuer, or has no user or role.
   * @throws `unavailable` when the keys of its issuer could not be fetched yet.
   */
  verify(token: string): Promise<Bearer>;
}

/** About as many users as one process serves within a few hours; the oldest is evicted. */
const rememberedTokens = 10_000;
/** Longer than the tokens of any provider; what is longer is not even decoded. */
const longestToken = 8_192;
export const defaultClockSkewSeconds = 30;

/**
 * Verifies the access tokens of all trusted issuers in one way: issuer, audience, type, algorithm, signature, times, then
 * user and role. A verified token is cached until it expires.
 * @param clockSkewSeconds how far the clocks of issuers may be from this one.
 */
export function createTokenVerifier({
  issuers,
  roles,
  clockSkewSeconds = defaultClockSkewSeconds,
  now = Date.now,
}: {
  issuers: readonly TrustedIssuer[];
  roles: Roles;
  clockSkewSeconds?: number;
  now?: () => number;
}): TokenVerifier {
  const trusted = new Map(issuers.map((issuer) => [issuer.issuer, issuer]));
  const verified = new Map<string, Bearer>();

  const remember = (token: string, bearer: Bearer): void => {
    const [oldest] = verified.keys();
    if (verified.size >= rememberedTokens && oldest !== undefined) verified.delete(oldest);
    verified.set(token, bearer);
  };

  return {
    verify: async (token) => {
      const known = verified.get(token);
      if (known && known.expiresAt > now()) return known;
      verified.delete(token);
      const issuer = issuerOf(token, trusted);
      const payload = await verifiedPayload(token, issuer, { clockSkewSeconds, now: now() });
      const bearer = bearerOf(payload, issuer.claims, roles, clockSkewSeconds);
      remember(token, bearer);
      return bearer;
    },
  };
}

/** The issuer that a token names, if it is trusted and the token is of a type that it issues. Nothing is verified yet. */
function issuerOf(token: string, trusted: ReadonlyMap<string, TrustedIssuer>): TrustedIssuer {
  if (token.length > longestToken) throw invalid();
  const { iss, typ } = decoded(token);
  const issuer = trusted.get(iss ?? '');
  if (!issuer) throw platformError('unauthorized', 'The token is of an issuer that is not trusted here');
  const type = typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : '';
  if (issuer.types.includes(type)) return issuer;
  throw platformError('unauthorized', `The token is not of the type ${issuer.types.join(' or ')} (its header typ)`);
}

function decoded(token: string): { iss?: string | undefined; typ?: unknown } {
  try {
    return { iss: decodeJwt(token).iss, typ: decodeProtectedHeader(token).typ };
  } catch {
    throw invalid();
  }
}

/** Only the issuer's keys are used: headers that bring a key, or say where one is, count for nothing. */
async function verifiedPayload(
  token: string,
  { issuer, audience, algorithms, keys }: TrustedIssuer,
  { clockSkewSeconds, now }: { clockSkewSeconds: number; now: number },
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms: [...algorithms],
      clockTolerance: clockSkewSeconds,
      currentDate: new Date(now),
      requiredClaims: ['exp', 'iat', 'sub'],
    });
    if ((payload.iat ?? 0) > now / 1_000 + clockSkewSeconds) throw invalid();
    return payload;
  } catch (error) {
    throw refusalOf(error);
  }
}

/** Says what the bearer can change, and nothing about keys. */
function refusalOf(error: unknown): Error {
  if (error instanceof PlatformError) return error;
  if (error instanceof errors.JWTExpired) return platformError('unauthorized', 'The token has expired');
  if (error instanceof errors.JWTClaimValidationFailed)
    return platformError('unauthorized', `The claim ${error.claim} of the token is missing or not accepted here`);
  return invalid();
}

const invalid = () => platformError('unauthorized', 'The token is not valid');
