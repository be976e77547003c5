import { randomUUID } from 'node:crypto';
import { createRoute } from '@hono/zod-openapi';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { createTestApp, type TestApp } from '../../../tests/lib-support/app';
import { createTestDatabase, type TestDatabase } from '../../../tests/lib-support/database';
import { eventually } from '../../../tests/lib-support/eventually';
import { roles } from '../../../tests/lib-support/roles';
import { createTestTokens } from '../../../tests/lib-support/tokens';
import { isApiKey, newKey } from '../../http/api-keys/key';
import { apiKeyMigrations } from '../../http/api-keys/migrations';
import { selectValidKeys } from '../../http/api-keys/store';
import { createApiKeyVerifier } from '../../http/api-keys/verifier';
import { actor, requiresScope } from '../../http/auth';
import { createRoutes, jsonAnswer } from '../../http/routes';
import { opsMigrations } from '../migrations';
import { selectAudit } from '../store';
import { createApiKeyRoutes } from './routes';

let store: TestDatabase<unknown>;
const db = () => store.database.kysely;
let http: TestApp;
/** How often the keys were loaded. */
let loads = 0;
const keysOf = () =>
  createApiKeyVerifier({
    role: 'service',
    load: () => {
      loads += 1;
      return selectValidKeys(db());
    },
  });

beforeAll(async () => {
  store = await createTestDatabase<unknown>({ ...opsMigrations, ...apiKeyMigrations });
  const { issuer, verifier } = createTestTokens(roles);
  const keys = keysOf();
  const tokens = {
    issuer,
    verifier: { verify: (text: string) => (isApiKey(text) ? keys.verify(text) : verifier.verify(text)) },
  };
  const routes = createApiKeyRoutes({
    db: db(),
    scopes: [...roles.operator.scopes, 'secrets:read'],
    clock: () => new Date(),
    ids: uuidv7,
  });
  const responses = { 200: jsonAnswer(z.unknown(), 'Who you are') };
  const me = createRoute({ ...requiresScope('notes:read'), method: 'get', path: '/me', responses });
  routes.route(
    '/',
    createRoutes().openapi(me, (c) => c.json(actor(c), 200)),
  );
  http = await createTestApp(routes, { tokens });
});
afterAll(() => store.drop());

interface Created extends Record<string, unknown> {
  keyId: string;
  key: string;
  prefix: string;
}
async function create(scopes: string[] = ['notes:read']): Promise<Created> {
  const { status, body } = await http.call('POST', '/ops/api-keys', { name: 'shop front', scopes });
  expect(status).toBe(201);
  return body as Created;
}
const whoIs = (key: string) => http.call('GET', '/me', undefined, { authorization: `Bearer ${key}` });

test('a key works at once, for its scopes only, until it is revoked', async () => {
  const { keyId, key } = await create();
  await eventually(async () =>
    expect(await whoIs(key)).toMatchObject({ status: 200, body: { userId: keyId, role: 'service' } }),
  );
  const authorization = `Bearer ${key}`;
  expect(await http.call('GET', '/ops/api-keys', undefined, { authorization })).toMatchObject({ status: 403 });

  const revoked = await http.call('POST', `/ops/api-keys/${keyId}/revoke`);
  expect(revoked).toMatchObject({ status: 200, body: { keyId } });
  await eventually(async () => expect(await whoIs(key)).toMatchObject({ status: 401 }));
  // Revoking it again changes nothing.
  expect((await http.call('POST', `/ops/api-keys/${keyId}/revoke`)).body).toEqual(revoked.body);
});

test('only the hash of a key is stored, and neither the list nor the audit log has its text', async () => {
  const { keyId, key, prefix } = await create();
  const { rows } = await sql<{ row: string }>`select api_keys::text as row from api_keys`.execute(db());
  const { body } = await http.call('GET', '/ops/api-keys');
  const audit = await selectAudit(db(), 10);
  const secret = key.slice(prefix.length + 1);
  expect(JSON.stringify([rows, body, audit])).not.toContain(secret);
  expect(body['items']).toContainEqual(expect.objectContaining({ keyId, prefix, name: 'shop front' }));
  expect(audit[0]).toMatchObject({ action: 'api-key create', target: keyId, request: { scopes: ['notes:read'] } });
});

test('nobody grants what they lack, and a scope that does not exist cannot be granted', async () => {
  const ask = (scopes: string[]) => http.call('POST', '/ops/api-keys', { name: 'x', scopes });
  expect(await ask(['secrets:read'])).toMatchObject({ status: 403 });
  expect(await ask(['notes:reed'])).toMatchObject({ status: 400 });
  expect(await ask([])).toMatchObject({ status: 400 });
});

test('members may not touch keys, and there is nothing to revoke under an unknown id', async () => {
  const authorization = `Bearer ${await http.token('member')}`;
  expect(await http.call('GET', '/ops/api-keys', undefined, { authorization })).toMatchObject({ status: 403 });
  expect(await http.call('POST', `/ops/api-keys/${randomUUID()}/revoke`)).toMatchObject({ status: 404 });
});

test('an expired key is refused', async () => {
  const { keyId, key } = await create();
  await eventually(async () => expect((await whoIs(key)).status).toBe(200));
  await sql`update api_keys set expires_at = now() - interval '1 second' where key_id = ${keyId}`.execute(db());
  await eventually(async () => expect((await whoIs(key)).status).toBe(401));
});

test('made-up keys cost no query each', async () => {
  await whoIs(newKey().text);
  const before = loads;
  const answers = await Promise.all(Array.from({ length: 300 }, () => whoIs(newKey().text)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
  expect(loads - before).toBeLessThan(30);
});

test('while the database is away keys stay valid for a minute, because none can be revoked either', async () => {
  let now = Date.now();
  let isAway = false;
  const { key } = await create();
  const load = () => (isAway ? Promise.reject(new Error('away')) : selectValidKeys(db()));
  const keys = createApiKeyVerifier({ load, role: 'service', now: () => now });
  await expect(keys.verify(key)).resolves.toMatchObject({ actor: { role: 'service' } });
  isAway = true;
  now += 59_000;
  await expect(keys.verify(key)).resolves.toBeDefined();
  now += 2_000;
  await expect(keys.verify(key)).rejects.toThrow('away');
});
