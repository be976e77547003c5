import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Connection } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ConsumersResponse } from '../../lib/operations/consumers/contract';
import type { DeadLettersResponse } from '../../lib/operations/dead-letters/contract';
import { orderWorkflowId, searchAttributes } from '../../contracts/saga/order';
import { databaseNames, serviceNames } from '../../workers/modules/roles';
import { eventually } from '../lib-support/eventually';
import { addSearchAttributes, createTestNamespace } from '../support/namespace';
import { createWorld, startTestPlatform, type TestPlatform, type World } from '../support/platform';
import { startProxy, type Proxy } from '../lib-support/proxy';
import { required } from '../lib-support/required';
import { createShop } from '../support/shop';
import { allCauses } from '../lib-support/victim';
import { describeAnswer, requests, type About } from './requests';
import { takeDatabases, type Databases, type Strike } from './strikes';
import { documentOf, withoutSeconds, type Row } from './table';

const documentPath = resolve('docs/outages.md');
const strikes: Strike[] = [...allCauses, 'server away'];
/** A generous bound on a busy machine; what recovers at all does so within seconds. */
const timeoutMs = 90_000;

let world: World;
let databases: Databases;
/** Temporal as the bridge, and as the other processes, reach it. */
const temporal: { bridge?: Proxy; workers?: Proxy } = {};
let platform: TestPlatform;
/** In a process of its own, so that its side of Temporal can be taken away alone. */
let bridge: TestPlatform;
let about: About;
const shop = createShop(() => platform);
const rows: Row[] = [];

beforeAll(async () => {
  const [host = '', port] = required('TEMPORAL_ADDRESS').split(':');
  temporal.bridge = await startProxy({ host, port: Number(port) });
  temporal.workers = await startProxy({ host, port: Number(port) });
  world = await createWorld({
    TEMPORAL_ADDRESS: `127.0.0.1:${temporal.workers.port}`,
    // Attempts that are used up show at once.
    RETRY_DELAYS_MS: '10,10,10',
    HELD_AFTER_MS: '300',
    LOCK_TIMEOUT_MS: '1000',
    LOG_LEVEL: 'fatal',
  });
  databases = await takeDatabases(world);
  platform = await startTestPlatform(world, [...serviceNames, 'saga']);
  bridge = await startBridge();
  const [userId, sku] = [await shop.user(), await shop.product(10_000)];
  const orderId = await shop.order({ userId, sku });
  about = { userId, sku, orderId };
  await shop.end(orderId);
}, 180_000);
afterAll(async () => {
  await Promise.all([platform.stop(), bridge.stop()]);
  await Promise.all([temporal.bridge?.close(), temporal.workers?.close()]);
  await world.drop();
  await databases.drop();
});

const startBridge = (change: Record<string, string> = {}): Promise<TestPlatform> =>
  startTestPlatform({ env: { ...world.env, TEMPORAL_ADDRESS: `127.0.0.1:${temporal.bridge?.port}`, ...change } }, [
    'bridge',
  ]);

/** By the name of its database, whether a queue of it is held; those without a queue are missing. */
async function intakes(): Promise<Map<string, boolean>> {
  const { body } = await platform.call('GET', '/ops/consumers');
  const { items } = body as unknown as ConsumersResponse;
  const found = new Map<string, boolean>();
  for (const { service, state } of items) found.set(service, (found.get(service) ?? false) || state === 'held');
  const metrics = await (await fetch(`${bridge.url}/metrics`)).text();
  const held = [...metrics.matchAll(/^messaging_held_seconds\{.*\} (\S+)$/gm)].map(([, seconds]) => Number(seconds));
  return found.set(
    'bridge',
    held.some((seconds) => seconds > 0),
  );
}

async function deadLetters(): Promise<number> {
  const { body } = await platform.call('GET', '/ops/dead-letters');
  return (body as unknown as DeadLettersResponse).items.length;
}

const answerOf = async (name: string): Promise<string> => {
  const request = requests[name];
  return request ? describeAnswer(await request(platform, about)) : '–';
};

const orders = (count: number): Promise<string[]> =>
  Promise.all(Array.from({ length: count }, () => shop.order({ userId: about.userId, sku: about.sku })));

/** Takes databases away while events come that all of them should receive. */
async function strike(cause: Strike, names: readonly string[]): Promise<void> {
  const underWay = await orders(2);
  const restore = await databases.strike(cause, names);
  const others = names.includes('orders') ? [shop.user(), shop.product(1)] : [orders(3)];
  const placed = await Promise.all(others);
  if (!names.includes('orders')) underWay.push(...placed.flat());
  const struck = await Promise.all(
    names.map(async (name) => {
      const http = await answerOf(name);
      expect(http).toMatch(/^(–|20\d|503 unavailable)$/);
      if (!(await intakes()).has(name)) return { name, http, intake: 'none' };
      await eventually(async () => expect((await intakes()).get(name)).toBe(true));
      return { name, http, intake: 'held' };
    }),
  );
  await restore();
  const began = performance.now();
  const confirmed = Promise.all(
    underWay.map(async (orderId) => expect(await shop.end(orderId)).toMatchObject({ status: 'confirmed' })),
  );
  const recovered = await Promise.all(
    struck.map(async (row) => {
      await eventually(async () => {
        expect(await answerOf(row.name)).toMatch(/^(–|20\d)$/);
        expect((await intakes()).get(row.name) ?? false).toBe(false);
      }, timeoutMs);
      // What has neither shows in the orders.
      if (row.http === '–' || row.intake === 'none') await confirmed;
      return { ...row, recoveredInMs: performance.now() - began };
    }),
  );
  await confirmed;
  const dead = await deadLetters();
  for (const { name: of, ...row } of recovered) rows.push({ cause, of, ...row, deadLetters: dead });
  expect(dead).toBe(0);
}

test.each(strikes)(
  '%s: nothing is given up, and all of it recovers by itself',
  async (cause) => {
    await strike(
      cause,
      databaseNames.filter((name) => name !== 'orders'),
    );
    await strike(cause, ['orders']);
  },
  300_000,
);

/** Takes a side of Temporal away while orders are placed. */
async function strikeTemporal(cause: string, of: string, before: () => Promise<void>, restore: () => Promise<void>) {
  await before();
  const placed = await orders(3);
  const http = describeAnswer(await platform.call('GET', '/ops/sagas'));
  const isHeard = of === 'Temporal, the workers’ side';
  if (!isHeard) await eventually(async () => expect((await intakes()).get('bridge')).toBe(true));
  await restore();
  const began = performance.now();
  for (const orderId of placed) expect(await shop.end(orderId)).toMatchObject({ status: 'confirmed' });
  await eventually(async () => expect((await intakes()).get('bridge')).toBe(false));
  const recoveredInMs = performance.now() - began;
  const dead = await deadLetters();
  rows.push({ cause, of, http, intake: isHeard ? 'flows' : 'held', recoveredInMs, deadLetters: dead });
  expect(dead).toBe(0);
}

const done = Promise.resolve();

test.each(['bridge', 'workers'] as const)(
  'Temporal away on the side of the %s',
  async (side) => {
    await strikeTemporal(
      'server away',
      side === 'bridge' ? 'Temporal, the bridge’s side' : 'Temporal, the workers’ side',
      () => (temporal[side]?.cut(), done),
      () => (temporal[side]?.restore(), done),
    );
  },
  180_000,
);

test('search attributes removed and created again', async () => {
  const connection = await Connection.connect({ address: required('TEMPORAL_ADDRESS') });
  const namespace = world.env['TEMPORAL_NAMESPACE'] ?? '';
  await strikeTemporal(
    'search attributes removed and created again',
    'Temporal, both sides',
    async () => {
      const names = Object.values(searchAttributes).map(({ name }) => name);
      await connection.operatorService.removeSearchAttributes({ namespace, searchAttributes: names });
      // The server's caches learn of it after a moment.
      const query = `${searchAttributes.status.name} = "any"`;
      const count = () => connection.workflowService.countWorkflowExecutions({ namespace, query });
      await eventually(() => expect(count()).rejects.toThrow(), 60_000);
    },
    () => addSearchAttributes(connection, namespace),
  );
  await connection.close();
}, 180_000);

test('a namespace that does not exist', async () => {
  await bridge.stop();
  const namespace = `test-${randomUUID()}`;
  bridge = await startBridge({ TEMPORAL_NAMESPACE: namespace });
  const orderId = await shop.order({ userId: about.userId, sku: about.sku });
  await eventually(async () => expect((await intakes()).get('bridge')).toBe(true));
  const { body } = await bridge.call('GET', '/readyz');
  expect(JSON.stringify(body)).toContain('intake of bridge-order-events (held)');
  await createTestNamespace(namespace);
  const began = performance.now();
  await eventually(async () => expect((await intakes()).get('bridge')).toBe(false), timeoutMs);
  const recoveredInMs = performance.now() - began;
  const dead = await deadLetters();
  const cause = 'namespace does not exist';
  rows.push({ cause, of: 'Temporal, the bridge’s side', http: '–', intake: 'held', recoveredInMs, deadLetters: dead });
  expect(dead).toBe(0);
  // Nothing of the order was lost: in the end its saga was begun.
  const connection = await Connection.connect({ address: required('TEMPORAL_ADDRESS') });
  const execution = { workflowId: orderWorkflowId(orderId) };
  await eventually(() => connection.workflowService.describeWorkflowExecution({ namespace, execution }), timeoutMs);
  await connection.close();
}, 180_000);

test('the document says what has happened', () => {
  const places: string[] = [...databaseNames, ...rows.map(({ of }) => of)];
  const byPlace = (a: Row, b: Row): number => places.indexOf(a.of) - places.indexOf(b.of);
  const causes = [...new Set(rows.map(({ cause }) => cause))];
  const written = documentOf(causes.flatMap((cause) => rows.filter((row) => row.cause === cause).sort(byPlace)));
  if (process.env['RECORD'] !== undefined) writeFileSync(documentPath, written);
  expect(withoutSeconds(readFileSync(documentPath, 'utf8'))).toBe(withoutSeconds(written));
});
