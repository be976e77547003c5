import { randomUUID } from 'node:crypto';
import { sign, verify } from 'hono/jwt';
import { z } from 'zod';
import { anyCaseId } from '../ids/ids';
import { platformError } from '../errors/errors';

/** The only role that this library knows: it may see and do everything. Others are passed to `createTokens`. */
export const operatorRole = 'operator';

/** The caller of a request. */
export interface Actor {
  userId: string;
  /** `operator`, or a role that the platform defines. */
  role: string;
}

/** The bearer of a token, and when the token expires. */
export interface Bearer {
  actor: Actor;
  /** In milliseconds since 1970. */
  expiresAt: number;
  /** The id of the token. */
  jti?: string | undefined;
  /** In milliseconds since 1970. */
  issuedAt?: number | undefined;
}

export interface Tokens<Role extends string = string> {
  /** A bearer token; valid for twelve hours unless said otherwise. */
  sign(actor: Actor & { role: Role; expiresInSeconds?: number }): Promise<string>;
  /** @throws `unauthorized` for a token that is expired, forged, malformed, or has no user. */
  verify(token: string): Promise<Bearer>;
}

const claimsOf = (roles: readonly string[]) =>
  z.object({
    sub: anyCaseId,
    role: z.enum(roles),
    exp: z.number(),
    iat: z.number().optional(),
    jti: z.string().optional(),
  });
const seconds = (ms: number): number => Math.floor(ms / 1_000);
const twelveHours = 12 * 60 * 60;
/** About as many users as one process serves within a few hours; the oldest is evicted. */
const rememberedTokens = 10_000;

/**
 * Signs and verifies bearer tokens: JWT, HS256. A verified token is cached until it expires.
 * @param roles the roles besides `operator`.
 */
export function createTokens<const Role extends string = never>({
  secret,
  roles = [],
  now = Date.now,
}: {
  secret: string;
  roles?: readonly Role[];
  now?: () => number;
}): Tokens<Role | typeof operatorRole> {
  const claims = claimsOf([operatorRole, ...roles]);
  const verified = new Map<string, Bearer>();

  const remember = (token: string, bearer: Bearer): void => {
    const [oldest] = verified.keys();
    if (verified.size >= rememberedTokens && oldest !== undefined) verified.delete(oldest);
    verified.set(token, bearer);
  };

  return {
    sign: ({ userId, role, expiresInSeconds = twelveHours }) =>
      sign(
        { sub: userId, role, jti: randomUUID(), iat: seconds(now()), exp: seconds(now()) + expiresInSeconds },
        secret,
        'HS256',
      ),
    verify: async (token) => {
      const known = verified.get(token);
      if (known && known.expiresAt > now()) return known;
      verified.delete(token);
      const { sub, role, exp, iat, jti } = await verifiedClaims(token, secret, claims);
      const bearer = Object.freeze({
        actor: Object.freeze({ userId: sub, role }),
        expiresAt: exp * 1_000,
        jti,
        issuedAt: iat === undefined ? undefined : iat * 1_000,
      });
      remember(token, bearer);
      return bearer;
    },
  };
}

async function verifiedClaims(token: string, secret: string, claims: ReturnType<typeof claimsOf>) {
  // Clocks of two machines may differ, so `iat` may be in the near future.
  const payload = await verify(token, secret, { alg: 'HS256', iat: false }).catch((error: unknown) => {
    const expired = error instanceof Error && error.name === 'JwtTokenExpired';
    throw platformError('unauthorized', expired ? 'The token has expired' : 'The token is not valid');
  });
  const parsed = claims.safeParse(payload);
  if (!parsed.success) throw platformError('unauthorized', 'The token needs the claims sub (a UUID), role and exp');
  return parsed.data;
}
