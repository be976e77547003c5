import { platformError } from '../../errors/errors';
import type { Bearer } from '../identity/bearer';
import type { TokenVerifier } from '../identity/verifier';
import { hashOf } from './key';
import type { StoredKey } from './store';

export interface ApiKeysOptions {
  /** The keys that are valid now. */
  load: () => Promise<(StoredKey & { hash: string })[]>;
  /** The role of whoever has a key; what it may do, its scopes say. */
  role: string;
  now?: () => number;
}

/** A revoked key is refused after this time at the latest. */
const knownForMs = 800;
/** A key that is not known may just have been created; looked up again no more often than this. */
const unknownForMs = 100;
/** While the database is away, no key can be revoked either. */
const staleForMs = 60_000;

/**
 * Verifies API keys. All valid ones are loaded at once, and at most a few times a second: so made-up keys cost no query of
 * their own.
 */
export function createApiKeyVerifier({ load, role, now = Date.now }: ApiKeysOptions): TokenVerifier {
  let keys = new Map<string, Bearer>();
  let loadedAt = -Infinity;
  let loading: Promise<void> | undefined;

  const reload = async (): Promise<void> => {
    const startedAt = now();
    try {
      keys = new Map((await load()).map((key) => [key.hash, bearerOf(key, role)]));
      loadedAt = startedAt;
    } catch (error) {
      if (now() - loadedAt > staleForMs) throw error;
    } finally {
      loading = undefined;
    }
  };
  const loadIfOlderThan = (ageMs: number): Promise<void> =>
    now() - loadedAt < ageMs ? Promise.resolve() : (loading ??= reload());

  return {
    async verify(text) {
      const hash = hashOf(text).toString('hex');
      await loadIfOlderThan(keys.has(hash) ? knownForMs : unknownForMs);
      const bearer = keys.get(hash);
      if (bearer && bearer.expiresAt > now()) return bearer;
      throw platformError('unauthorized', 'The API key is not known, has expired or was revoked');
    },
  };
}

const bearerOf = ({ keyId, prefix, scopes, createdAt, expiresAt }: StoredKey, role: string): Bearer => ({
  actor: { userId: keyId, role, scopes: new Set(scopes), reach: 'all' },
  expiresAt: expiresAt.getTime(),
  issuedAt: createdAt.getTime(),
  issuer: 'api-keys',
  subject: prefix,
  jti: keyId,
});
