import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect } from 'amqplib';
import { verify } from '../../lib/projections/verify';
import { onReadModel, readModels } from '../../workers/modules/read-models';
import { sagaworks, type Ended } from '../support/command';
import { reportParcel } from '../support/carrier';
import { eventually } from '../lib-support/eventually';
import { startTestPlatform, type TestPlatform, type World } from '../support/platform';
import { createShop } from '../support/shop';
import { readDump } from './dump';
import { eventIds } from './restore-store';
import { startWitness, type Witness } from './witness';
import { restoreWorld } from './world';

const dump = readDump();
const { orders, answers, failedMessage, userId } = dump.facts;
const logs = Object.entries(dump.databases).flatMap(([name, sql]) =>
  sql.includes('create table events') ? [name] : [],
);

let world: World;
let platform: TestPlatform;
let witness: Witness;
/** The ids of the events in each log, before today's platform was started. */
let oldEvents: Record<string, string[]>;
const shop = createShop(() => platform);
const run = (...args: string[]): Promise<Ended> => sagaworks(platform, args, world.env);
const statusOf = async (orderId: string) => (await platform.call('GET', `/orders/${orderId}`)).body['status'];
const items = async (path: string) => (await platform.call('GET', path)).body['items'] as Record<string, unknown>[];

/** Ends what was started, the last first, also when something after it could not be started. */
const endings: (() => Promise<void>)[] = [];

beforeAll(async () => {
  world = await restoreWorld(dump);
  endings.unshift(() => world.drop());
  oldEvents = await readLogs();
  const exchanges = dump.broker.topology.exchanges.flatMap(({ name, type }) => (type === 'topic' ? [name] : []));
  witness = await startWitness(world.env['RABBITMQ_URL'] ?? '', exchanges);
  endings.unshift(() => witness.close());
  platform = await startTestPlatform(world);
  endings.unshift(() => platform.stop());
}, 120_000);
afterAll(async () => {
  for (const end of endings) await end();
});

async function readLogs(): Promise<Record<string, string[]>> {
  const read = logs.map(async (name) => [name, await eventIds(world.databases[name] ?? '')] as const);
  return Object.fromEntries(await Promise.all(read));
}

/** How many messages wait in each queue in which there are any. */
async function waiting(): Promise<Record<string, number>> {
  const connection = await connect(world.env['RABBITMQ_URL'] ?? '');
  const channel = await connection.createChannel();
  const counts: Record<string, number> = {};
  for (const { name } of dump.broker.topology.queues) {
    const { messageCount } = await channel.checkQueue(name);
    if (messageCount > 0) counts[name] = messageCount;
  }
  await connection.close();
  return counts;
}

test('every answer of before is given again: orders, their events, payments, parcels, e-mails, stock, the user', async () => {
  for (const [path, before] of Object.entries(answers)) {
    const expected = { path, status: 200, body: asWritten(path, before) };
    expect({ path, ...(await platform.call('GET', path)) }).toMatchObject(expected);
  }
});

/** An event keeps what was written (`raw`); how the newest version says it may differ. */
function asWritten(path: string, body: Record<string, unknown>): Record<string, unknown> {
  if (!path.endsWith('/events')) return body;
  const lines = body['items'] as Record<string, unknown>[];
  return { ...body, items: lines.map(({ data: _, dataVersion: __, ...line }) => line) };
}

test('an order in review is approved, and its saga goes on from its old history', async () => {
  expect(await statusOf(orders.inReview)).toBe('in_review');
  const decision = { decision: 'approve', note: 'known' };
  expect(await platform.call('POST', `/orders/${orders.inReview}/review`, decision)).toMatchObject({ status: 200 });
  expect(await shop.end(orders.inReview)).toMatchObject({ status: 'confirmed' });
});

test('an order that was confirmed is delivered', async () => {
  for (const [report, status] of [
    ['dispatched', 'shipped'],
    ['delivered', 'delivered'],
  ] as const) {
    expect(await reportParcel(platform, world, orders.confirmed, report)).toMatchObject({ status: 202 });
    await eventually(async () => expect(await statusOf(orders.confirmed)).toBe(status));
  }
});

test('the dead letter is listed with its reason, and once redriven it and what was parked behind it are applied', async () => {
  const [found] = await items('/ops/dead-letters');
  expect(found).toMatchObject({ ...failedMessage, type: 'order.created', attempts: 4, lastError: 'broken' });
  const redriven = await platform.call('POST', '/ops/dead-letters/redrive', { ids: [failedMessage.id] });
  expect(redriven).toMatchObject({ status: 200, body: { letters: [{ id: failedMessage.id, outcome: 'applied' }] } });
  await eventually(async () => {
    expect(await items('/ops/parked')).toEqual([]);
    expect(await items('/ops/dead-letters')).toEqual([]);
  });
});

test('what waited in the queues is applied once: about the order goes one e-mail', async () => {
  const { unheard = 0, ...others } = dump.broker.messages.reduce(count, {});
  expect(Object.keys(others)).toContain('notification-service-order-events');
  await eventually(async () => {
    const left = await waiting();
    expect(left).toEqual({ unheard: left['unheard'] });
    expect(left['unheard']).toBeGreaterThanOrEqual(unheard);
    expect(await items(`/notifications?orderId=${orders.waiting}`)).toMatchObject([{ kind: 'confirmed' }]);
  });
});
const count = (counts: Record<string, number>, { queue }: { queue: string }): Record<string, number> => ({
  ...counts,
  [queue]: (counts[queue] ?? 0) + 1,
});

test('the user of then orders the product of then', async () => {
  const orderId = await shop.order({ userId, sku: 'TEA-1' });
  expect(await shop.end(orderId)).toMatchObject({ status: 'confirmed' });
});

test('the books of all services agree, and every read model is what its events say', async () => {
  await eventually(
    async () =>
      expect(await run('audit', '--settle', '0')).toMatchObject({
        code: 0,
        out: expect.stringMatching(/^\d+ orders: everything agrees$/m),
      }),
    30_000,
  );
  expect(readModels().length).toBeGreaterThan(0);
  for (const model of readModels()) {
    const { name } = model.projection;
    const { differences } = await onReadModel(
      model,
      (service) => world.databases[service] ?? '',
      (one) => verify(one),
    );
    expect({ name, ...differences }).toMatchObject({ name, count: 0 });
  }
});

test('the logs have only grown, and of their events exactly the new ones were published, once each', async () => {
  const now = await readLogs();
  const added = logs.flatMap((name) => {
    const old = oldEvents[name] ?? [];
    expect(now[name]?.slice(0, old.length)).toEqual(old);
    return now[name]?.slice(old.length) ?? [];
  });
  expect(added.length).toBeGreaterThan(0);
  await eventually(() => expect([...witness.heard()].sort()).toEqual(added.sort()));
});
