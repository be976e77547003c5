import type { JWTPayload } from 'jose';
import { v5 as uuidv5 } from 'uuid';
import { z } from 'zod';
import { platformError } from '../../errors/errors';
import { anyCaseId } from '../../ids/ids';
import type { Bearer, Roles } from './bearer';
import type { ClaimNames } from './trusted-issuer';

/** Never changes: ids of users are derived from it. */
const derivedIds = '6f1c1a0e-7a52-4c3b-9d0c-2f9a5a4f7c11';

const times = z.object({
  iss: z.string(),
  sub: z.string().min(1).max(255),
  exp: z.number(),
  iat: z.number(),
  jti: z.string().min(1).max(255).optional(),
});

/**
 * The bearer of a token whose signature has been verified.
 * @throws `unauthorized` when it lacks a claim, names no user, or no role that is known here.
 */
export function bearerOf(payload: JWTPayload, names: ClaimNames, roles: Roles, skewSeconds: number): Bearer {
  const known = times.safeParse(payload);
  if (!known.success) throw platformError('unauthorized', 'The token needs the claims sub, exp and iat');
  const { iss, sub, exp, iat, jti } = known.data;
  const role = roleOf(payload, names, roles);
  const { scopes, reach } = roles[role] ?? { scopes: [], reach: 'own' };
  const actor = { userId: userOf(payload, names, iss), role, scopes: restricted(scopes, payload, names), reach };
  return Object.freeze({
    actor: Object.freeze(actor),
    expiresAt: (exp + skewSeconds) * 1_000,
    issuedAt: iat * 1_000,
    issuer: iss,
    subject: sub,
    ...(jti === undefined ? {} : { jti }),
  });
}

function userOf(payload: JWTPayload, { user, userIds }: ClaimNames, issuer: string): string {
  const id = claimAt(payload, user);
  if (userIds === 'derived' && typeof id === 'string' && id !== '') return uuidv5(`${issuer}\n${id}`, derivedIds);
  const parsed = anyCaseId.safeParse(id);
  if (parsed.success) return parsed.data;
  throw platformError('unauthorized', `The token needs the id of a user, a UUID, in the claim ${user}`);
}

/** The last of its roles in `roles`; roles stand there from the least to the most powerful. */
function roleOf(payload: JWTPayload, { role, roles: renamed, defaultRole }: ClaimNames, roles: Roles): string {
  const named = new Set(
    namesIn(claimAt(payload, role)).map((name) => {
      if (!renamed) return name;
      return Object.hasOwn(renamed, name) ? renamed[name] : undefined;
    }),
  );
  const found = Object.keys(roles).findLast((name) => named.has(name)) ?? defaultRole;
  if (found !== undefined && Object.hasOwn(roles, found)) return found;
  throw platformError('unauthorized', `The token needs a role that is known here, in the claim ${role}`);
}

function restricted(granted: readonly string[], payload: JWTPayload, { scope }: ClaimNames): ReadonlySet<string> {
  if (scope === undefined) return new Set(granted);
  const asked = new Set(namesIn(claimAt(payload, scope)));
  return new Set(granted.filter((one) => asked.has(one)));
}

/** Names in a claim: an array, or one string with spaces between them. */
function namesIn(claim: unknown): string[] {
  if (typeof claim === 'string') return claim.split(' ');
  return Array.isArray(claim) ? claim.filter((name) => typeof name === 'string') : [];
}

/** A claim by its name, which may contain dots (`https://example.com/roles`), or by its path. */
function claimAt(payload: JWTPayload, name: string): unknown {
  if (Object.hasOwn(payload, name)) return payload[name];
  return name.split('.').reduce<unknown>((value, member) => {
    const isObject = typeof value === 'object' && value !== null && Object.hasOwn(value, member);
    return isObject ? (value as Record<string, unknown>)[member] : undefined;
  }, payload);
}
