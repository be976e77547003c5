import { createRoute } from '@hono/zod-openapi';
import type { Kysely } from 'kysely';
import type { Queryable } from '../../db/database';
import { platformError } from '../../errors/errors';
import { newKey } from '../../http/api-keys/key';
import { insertKey, revokeKey, selectKeys, type StoredKey } from '../../http/api-keys/store';
import { actor } from '../../http/auth';
import { createRoutes, jsonAnswer, jsonBody } from '../../http/routes';
import { audited } from '../audit';
import { bodyRefusals, refusals, shared } from '../route';
import { createdKeyResponse, createKeyRequest, keyParams, keysResponse, revokedKeyResponse } from './contract';

const mostValidKeys = 1_000;
const mostListed = 1_000;
const dayMs = 86_400_000;

export interface ApiKeyRoutesOptions {
  /** The database with the table of keys, and the audit log. */
  db: Kysely<unknown>;
  /** All scopes that there are. */
  scopes: readonly string[];
  clock: () => Date;
  ids: () => string;
  /** Tells every process of a revocation, so that open streams end; without it they end when the key expires. */
  revocations?: {
    /** In the transaction that revokes the key. */
    write(trx: Queryable, keyId: string): Promise<void>;
    /** After it. */
    publish(): void;
  };
}

/** Creating, listing and revoking the API keys of programs. */
export function createApiKeyRoutes({ db, scopes, clock, ids, revocations }: ApiKeyRoutesOptions) {
  const { createKey, listKeys, revoke } = declareRoutes(scopes);
  const routes = createRoutes();

  routes.openapi(createKey, async (c) => {
    const { name, scopes: granted, expiresInDays } = c.req.valid('json');
    const by = actor(c);
    const lacking = granted.filter((scope) => !by.scopes.has(scope));
    if (lacking.length > 0) throw platformError('forbidden', `You cannot grant what you lack: ${lacking.join(', ')}`);
    const [keyId, createdAt, { text, prefix, hash }] = [ids(), clock(), newKey()];
    const expiresAt = new Date(createdAt.getTime() + expiresInDays * dayMs);
    const key = { keyId, name, prefix, scopes: [...new Set(granted)], createdAt, createdBy: by.userId, expiresAt };
    await audited(db, 'api-key create', keyId, { name, prefix, scopes: key.scopes, expiresAt }, async () => {
      if (!(await insertKey(db, { ...key, hash }, mostValidKeys)))
        throw platformError('conflict', `There are ${mostValidKeys} valid API keys already: revoke one first`);
    });
    return c.json({ ...toResponse({ ...key, revokedAt: null }), key: text }, 201);
  });

  routes.openapi(listKeys, async (c) => c.json({ items: (await selectKeys(db, mostListed)).map(toResponse) }, 200));

  routes.openapi(revoke, async (c) => {
    const { keyId } = c.req.valid('param');
    const revokedAt = await audited(db, 'api-key revoke', keyId, {}, async () => {
      const at = await db.transaction().execute(async (trx) => {
        const done = await revokeKey(trx, keyId, clock());
        if (done) await revocations?.write(trx, keyId);
        return done;
      });
      if (!at) throw platformError('not-found', `There is no API key ${keyId}`);
      return at;
    });
    revocations?.publish();
    return c.json({ keyId, revokedAt: revokedAt.toISOString() }, 200);
  });

  return routes;
}

function declareRoutes(scopes: readonly string[]) {
  const access = shared('ops:access');
  return {
    createKey: createRoute({
      operationId: 'createApiKey',
      ...access,
      method: 'post',
      path: '/ops/api-keys',
      summary: 'Create an API key for a program; its text is shown once',
      request: { body: jsonBody(createKeyRequest(scopes)) },
      responses: { 201: jsonAnswer(createdKeyResponse, 'Created'), ...bodyRefusals },
    }),
    listKeys: createRoute({
      operationId: 'listApiKeys',
      ...access,
      method: 'get',
      path: '/ops/api-keys',
      summary: 'List API keys, newest first, those included that have expired or were revoked',
      responses: { 200: jsonAnswer(keysResponse, 'The keys'), ...refusals },
    }),
    revoke: createRoute({
      operationId: 'revokeApiKey',
      ...access,
      method: 'post',
      path: '/ops/api-keys/{keyId}/revoke',
      summary: 'Revoke an API key; every process refuses it within a second, and ends its open streams',
      request: { params: keyParams },
      responses: { 200: jsonAnswer(revokedKeyResponse, 'Revoked'), ...refusals },
    }),
  };
}

const toResponse = ({ createdAt, expiresAt, revokedAt, ...key }: StoredKey) => ({
  ...key,
  createdAt: createdAt.toISOString(),
  expiresAt: expiresAt.toISOString(),
  ...(revokedAt ? { revokedAt: revokedAt.toISOString() } : {}),
});
