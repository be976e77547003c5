import type { OpenAPIHono } from '@hono/zod-openapi';
import { exchanges } from '../../contracts/events';
import { scopes } from '../../contracts/http/scopes';
import type { Live } from '../../lib/config/live';
import { openDatabase, type Queryable } from '../../lib/db/database';
import { isApiKey } from '../../lib/http/api-keys/key';
import { selectValidKeys } from '../../lib/http/api-keys/store';
import { createApiKeyVerifier } from '../../lib/http/api-keys/verifier';
import type { AppEnv } from '../../lib/http/env';
import type { TokenVerifier } from '../../lib/http/identity/verifier';
import { newId } from '../../lib/ids/new-id';
import { createApiKeyRoutes } from '../../lib/operations/api-keys/routes';
import { createDecisionRoutes } from '../../lib/operations/decisions/routes';
import { tokens } from '../../services/users/store';
import type { Platform } from '../platform/platform';
import type { ServedService } from '../platform/start-service';

type Host = Pick<Platform, 'addresses' | 'config' | 'lifecycle' | 'live' | 'logger'>;

/** API keys are in the database of the users. */
const ownerOf = (served: readonly ServedService[]): ServedService | undefined =>
  served.find(({ log }) => log?.service === exchanges.users.producer);

/** Where a process writes its decisions: the database of the users, otherwise of the first service that it serves. */
export const decisionsDatabase = (served: readonly ServedService[]): Queryable | undefined =>
  (ownerOf(served) ?? served[0])?.db;

/** The routes for decisions, and for API keys in a process that serves the users. */
export function accessRoutes(served: readonly ServedService[]): OpenAPIHono<AppEnv>[] {
  const [owner, decisions] = [ownerOf(served), decisionsDatabase(served)];
  const options = { scopes: Object.keys(scopes), clock: () => new Date(), ids: newId };
  return [
    ...(decisions ? [createDecisionRoutes(decisions)] : []),
    ...(owner ? [createApiKeyRoutes({ ...options, db: owner.db, revocations: revocationsIn(owner) })] : []),
  ];
}

/** The key's id is the token id of whoever has it, so a revoked key ends streams as a revoked token does. */
const revocationsIn = ({ log }: ServedService) => ({
  write: async (trx: Queryable, keyId: string): Promise<void> => {
    await tokens.handle(trx, keyId, { type: 'revoke', tokenId: keyId });
  },
  publish: (): void => log?.wake(),
});

/** Where this process looks up API keys; undefined where it can not, and accepts none. */
export function openApiKeys(platform: Host, served: readonly ServedService[]): Queryable | undefined {
  const { addresses, config, lifecycle, live, logger } = platform;
  const url = live('API_KEYS_DATABASE_URL');
  const owner = ownerOf(served);
  if (owner || url.current() === undefined) return owner?.db;
  const name = 'api keys';
  const database = openDatabase<unknown>({
    url: addresses.databaseAt(url as Live<string>),
    name,
    queryTimeoutMs: config.QUERY_TIMEOUT_MS,
    onError: (error) => logger.warn({ database: name, reason: error.message }, 'lost an idle connection'),
  });
  lifecycle.onStop(`${name} database`, () => database.close());
  return database.kysely;
}

/** Verifies API keys, where they can be looked up, and everything else as a token. */
export function withApiKeys(tokens: TokenVerifier, db: Queryable | undefined): TokenVerifier {
  if (!db) return tokens;
  const keys = createApiKeyVerifier({ load: () => selectValidKeys(db), role: 'service' });
  return { verify: (text) => (isApiKey(text) ? keys.verify(text) : tokens.verify(text)) };
}
