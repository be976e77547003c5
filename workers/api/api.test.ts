import { afterEach, expect, test } from '@jest/globals';
import { z } from 'zod';
import { freePort } from '../../infra/local/ports';
import { newTokenKey } from '../../lib/http/identity/token-keys';
import { createRoutes } from '../../lib/http/routes';
import { createApiHost } from '../../tests/support/api-host';
import { platformSettings } from '../config/config';
import { startApi } from './api';

const settings = z.object(platformSettings);
const signingKeys = JSON.stringify(newTokenKey());
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** Serves `/notes` with these settings; gives the address. */
async function serve(env: Record<string, string>): Promise<string> {
  const host = createApiHost({ TOKEN_SIGNING_KEYS: signingKeys, ...env });
  ends.push(() => host.lifecycle.shutdown());
  const routes = createRoutes();
  routes.get('/notes', (c) => c.json({ notes: [] }));
  const port = await startApi(host, [routes]);
  return `http://127.0.0.1:${port}`;
}

const statusOf = async (url: string): Promise<number> => (await fetch(url)).status;

test('metrics are served beside the API, or on a port of their own', async () => {
  expect(await statusOf(`${await serve({})}/metrics`)).toBe(200);

  const internal = await freePort();
  const api = await serve({ INTERNAL_PORT: String(internal) });
  expect(await statusOf(`${api}/metrics`)).toBe(404);
  expect(await statusOf(`${api}/healthz`)).toBe(200);
  expect(await statusOf(`http://127.0.0.1:${internal}/metrics`)).toBe(200);
  expect(await statusOf(`http://127.0.0.1:${internal}/healthz`)).toBe(200);
  expect(await statusOf(`http://127.0.0.1:${internal}/notes`)).toBe(404);
});

test('limits of the rate come from the settings', async () => {
  const api = await serve({ RATE_LIMITS: 'read=2/60' });
  expect(await statusOf(`${api}/notes`)).toBe(200);
  await fetch(`${api}/notes`);
  expect(await statusOf(`${api}/notes`)).toBe(429);

  const unlimited = await serve({ RATE_LIMITS: 'off' });
  const response = await fetch(`${unlimited}/notes`);
  expect(response.headers.get('ratelimit')).toBeNull();
});

test.each(['', 'read', 'read=0/10', 'read=10/0', 'reads=10/10', 'read=10/10;write=1/1', 'read=-1/10'])(
  'limits of the rate that cannot be meant are refused: %p',
  (text) => {
    const { error } = settings.safeParse({
      RABBITMQ_URL: 'amqp://h',
      TOKEN_SIGNING_KEYS: signingKeys,
      RATE_LIMITS: text,
    });
    expect(error?.issues).toMatchObject([{ path: ['RATE_LIMITS'] }]);
  },
);
