import { afterEach, expect, test } from '@jest/globals';
import { z } from 'zod';
import { freePort } from '../../infra/local/ports';
import { newTokenKey } from '../../lib/http/identity/token-keys';
import { liveSettings } from '../../lib/config/live-settings';
import { createReloader } from '../../lib/config/reload';
import { createRoutes } from '../../lib/http/routes';
import { createLifecycle } from '../../lib/lifecycle/lifecycle';
import { createLogger } from '../../lib/telemetry/logger';
import { createMetrics } from '../../lib/telemetry/metrics';
import { createAddresses } from '../config/addresses';
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
  const logger = createLogger({ name: 'test', level: 'silent' });
  const lifecycle = createLifecycle({ logger });
  ends.push(() => lifecycle.shutdown());
  const config = settings.parse({
    RABBITMQ_URL: 'amqp://127.0.0.1',
    TOKEN_SIGNING_KEYS: signingKeys,
    PORT: '0',
    ...env,
  });
  const routes = createRoutes();
  routes.get('/notes', (c) => c.json({ notes: [] }));
  const needs = { database: () => 'optional' as const, broker: 'optional', temporal: 'optional' } as const;
  const reloader = createReloader({ logger, everyMs: 0 });
  const live = liveSettings(settings, { env, config, reloader });
  const addresses = createAddresses(config, { live, reloader });
  const unprotected = new Set<string>();
  const host = { config, live, addresses, logger, metrics: createMetrics(), lifecycle, pools: [], unprotected, needs };
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
