import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Explanation } from '../../contracts/http/explanation';
import { eventually } from '../lib-support/eventually';
import { startProxy, type Proxy } from '../lib-support/proxy';
import { required } from '../lib-support/required';
import { sagaworks } from '../support/command';
import { createWorld, startTestPlatform, type TestPlatform, type World } from '../support/platform';
import { createShop } from '../support/shop';

let world: World;
let platform: TestPlatform;
let temporal: Proxy;
let payments: Proxy;
const shop = createShop(() => platform);

beforeAll(async () => {
  const [host = '', port] = required('TEMPORAL_ADDRESS').split(':');
  temporal = await startProxy({ host, port: Number(port) });
  world = await createWorld({ TEMPORAL_ADDRESS: `127.0.0.1:${temporal.port}` });
  const database = new URL(world.env['PAYMENTS_DATABASE_URL'] ?? '');
  payments = await startProxy({ host: database.hostname, port: Number(database.port) });
  database.host = `127.0.0.1:${payments.port}`;
  world.env['PAYMENTS_DATABASE_URL'] = database.href;
  platform = await startTestPlatform(world);
}, 120_000);
afterAll(async () => {
  await platform.stop();
  await Promise.all([temporal.close(), payments.close(), world.drop()]);
});

const answerFor = (id: string) => platform.call('GET', `/ops/orders/${encodeURIComponent(id)}/explain`);

async function explain(id: string): Promise<Explanation> {
  const { status, body } = await answerFor(id);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body as unknown as Explanation;
}

test('a confirmed and a declined order are explained, whichever of their ids is given', async () => {
  const [userId, sku] = [await shop.user(), await shop.product(5)];
  const orderId = await shop.order({ userId, sku, quantity: 2 });
  const declined = await shop.order({ userId, sku, token: 'tok_declined' });
  await Promise.all([orderId, declined].map(shop.end));

  const told = await eventually(async () => {
    const now = await explain(orderId);
    expect(now.timeline.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['order.confirmed', 'payment.captured', 'stock.reserved', 'shipment.booked', 'applied']),
    );
    expect(now.timeline.filter(({ kind }) => kind === 'waiting')).toEqual([]);
    return now;
  });
  const place = (of: (line: Explanation['timeline'][number]) => boolean) => told.timeline.findIndex(of);
  const step = (name: string) => place(({ source, details }) => source === 'saga' && details?.['step'] === name);
  expect(step('reserveStock')).toBeGreaterThan(place(({ kind }) => kind === 'stock.reserved'));
  expect(step('confirmOrder')).toBeGreaterThan(place(({ kind }) => kind === 'order.confirmed'));
  expect(told).toMatchObject({ status: 'confirmed', unavailable: [], omitted: 0 });
  expect(told.summary).toContain('Confirmed, and not shipped yet; EUR 25.00 captured');
  expect(told.ledger).toMatchObject({ balance: 2_500, open: `2 x ${sku} reserved, and neither shipped nor released` });
  const events = told.timeline.flatMap(({ details }) => details?.['eventId'] ?? []) as string[];
  const others = [told.ids.workflow, told.ids.correlation, ...told.ids.payments, ...told.ids.shipments, ...events];
  for (const id of others) expect(await explain(String(id))).toMatchObject({ orderId });

  const refused = await explain(declined);
  expect(refused.summary).toMatch(/^Cancelled because the payment was declined \(.+\); EUR 12\.50 declined/);
  expect(refused.ledger).toMatchObject({ closed: true, balance: 0 });

  const printed = await sagaworks(platform, ['order', 'explain', orderId]);
  expect(printed).toMatchObject({ code: 0, err: '' });
  expect(printed.out.split('\n')[0]).toMatch(/^Confirmed, and not shipped yet; EUR 25\.00 captured/);
  expect(Math.max(...printed.out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
}, 120_000);

test('an id that nobody knows is not found', async () => {
  for (const id of [randomUUID(), 'request-17', `order/${randomUUID()}`])
    expect(await answerFor(id)).toMatchObject({ status: 404 });
}, 60_000);

test('nothing that was written about an erased person is told', async () => {
  const userId = await shop.user();
  const orderId = await shop.order({ userId, sku: await shop.product(5) });
  await shop.end(orderId);
  const reason = `a present for ${randomUUID()}`;
  expect(await platform.call('POST', `/orders/${orderId}/cancel`, { reason })).toMatchObject({ status: 202 });
  await eventually(async () => expect(JSON.stringify(await explain(orderId))).toContain(reason));
  expect(await platform.call('DELETE', `/users/${userId}`)).toMatchObject({ status: 204 });
  await eventually(async () => expect(JSON.stringify(await explain(orderId))).not.toContain(reason));
}, 120_000);

test('while a database and Temporal are away the rest is told, and it is said who was not asked', async () => {
  const orderId = await shop.order({ userId: await shop.user(), sku: await shop.product(5) });
  await shop.end(orderId);
  payments.cut();
  temporal.cut();
  const told = await explain(orderId);
  expect(told.unavailable.map(({ source }) => source)).toEqual(expect.arrayContaining(['payments', 'temporal']));
  expect(told.timeline.map(({ kind }) => kind)).toContain('order.confirmed');
  expect(told.ledger.closed).toBe(false);
  payments.restore();
  temporal.restore();
}, 120_000);
