import { errors, type JWTVerifyGetKey } from 'jose';
import { platformError } from '../../errors/errors';
import type { KeySet } from './provider-keys';

export interface RotatingKeysOptions {
  issuer: string;
  fetch: () => Promise<KeySet>;
  /** Called after each attempt to fetch the keys, with the error if it failed. */
  onFetched?: (error?: unknown) => void;
  now?: () => number;
  /** How long keys are used before they are fetched again. */
  freshForMs?: number;
  /** The least time between two attempts to fetch them. */
  cooldownMs?: number;
}

/**
 * The keys of a provider, fetched when they are first needed, when they are old, and when a token names one that is not
 * among them, at most once per cooldown. While the provider is away, the last keys stay in use; only the first request
 * after they became old waits for it.
 */
export function createRotatingKeys({
  issuer,
  fetch,
  onFetched = () => undefined,
  now = Date.now,
  freshForMs = 10 * 60_000,
  cooldownMs = 10_000,
}: RotatingKeysOptions): JWTVerifyGetKey {
  let keys: KeySet | undefined;
  let fetchedAt = -Infinity;
  let attemptedAt = -Infinity;
  let hasFailed = false;
  let fetching: Promise<void> | undefined;

  const attempt = async (): Promise<void> => {
    attemptedAt = now();
    try {
      keys = await fetch();
      fetchedAt = now();
      hasFailed = false;
      onFetched();
    } catch (error) {
      // The last keys stay; the next attempt is after the cooldown.
      hasFailed = true;
      onFetched(error);
    } finally {
      fetching = undefined;
    }
  };

  /** All who need them share one attempt; nothing happens within the cooldown of the last one. */
  const refresh = (): Promise<void> => {
    if (!fetching && now() - attemptedAt >= cooldownMs) fetching = attempt();
    return fetching ?? Promise.resolve();
  };

  return async (header, token) => {
    if (now() - fetchedAt >= freshForMs) {
      const refreshed = refresh();
      if (!keys || !hasFailed) await refreshed;
    }
    if (!keys) throw platformError('unavailable', `The keys of ${issuer} could not be fetched`);
    try {
      return await keys(header, token);
    } catch (error) {
      const before = keys;
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await refresh();
      if (keys === before) throw error;
      return keys(header, token);
    }
  };
}
