import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect } from 'amqplib';
import { randomUUID } from 'node:crypto';
import { sagaworks as runSagaworks, type Ended } from '../support/command';
import { eventually } from '../lib-support/eventually';
import { createWorld, startTestPlatform, type TestPlatform, type World } from '../support/platform';
import { createShop } from '../support/shop';

const queue = 'order-service-user-events';
let world: World;
let platform: TestPlatform;
let userId: string;
const shop = createShop(() => platform);
const sagaworks = (...args: string[]): Promise<Ended> => runSagaworks(platform, args);
const json = async (...args: string[]): Promise<unknown> => JSON.parse((await sagaworks(...args, '--json')).out);

beforeAll(async () => {
  world = await createWorld({ FOUR_EYES: 'true' });
  platform = await startTestPlatform(world);
  userId = await shop.user();
}, 120_000);
afterAll(async () => {
  await platform.stop();
  await world.drop();
});

/** A stranger's message, straight to the queue. */
async function sendRubbish(messageId: string): Promise<void> {
  const connection = await connect(world.env['RABBITMQ_URL'] ?? '');
  const channel = await connection.createConfirmChannel();
  channel.sendToQueue(queue, Buffer.from('rubbish'), { messageId });
  await channel.waitForConfirms();
  await connection.close();
}

test('a redrive of every dead letter has to say so', async () => {
  const redrive = (body: object) => platform.call('POST', '/ops/dead-letters/redrive', body);
  for (const body of [{}, { dryRun: true }, { all: false }]) expect((await redrive(body)).status).toBe(400);
  expect((await redrive({ all: true, dryRun: true })).status).toBe(200);
});

test('a dead letter is listed by reason, shown, rehearsed, redriven in vain, and discarded', async () => {
  const id = randomUUID();
  await sendRubbish(id);
  await eventually(async () => expect((await sagaworks('dlq', 'list')).code).toBe(0));
  const { out } = await sagaworks('dlq', 'list', '--queue', queue);
  expect(out).toMatch(/^COUNT +QUEUE +REASON +TYPE\n1 +order-service-user-events +invalid-message/);
  expect(await json('dlq', 'show', id)).toMatchObject({ id, queue, reason: 'invalid-message', body: 'rubbish' });
  expect(await sagaworks('dlq', 'redrive', id, '--dry-run')).toMatchObject({ code: 3 });
  expect(await sagaworks('dlq', 'redrive', '--reason', 'invalid-message')).toMatchObject({ code: 3 });
  expect(await sagaworks('dlq', 'discard', id)).toMatchObject({ code: 64 });
  expect(await json('dlq', 'discard', id, '--yes')).toEqual({ discarded: 1 });
  expect(await sagaworks('dlq', 'list')).toMatchObject({ code: 2, err: 'There are no dead letters\n' });
}, 120_000);

test('while a log is paused its events wait, and the status says so', async () => {
  const statusOf = async (service: string) =>
    ((await json('outbox', 'status')) as { service: string; paused: boolean; unpublished: number }[]).find(
      (log) => log.service === service,
    );
  await sagaworks('outbox', 'pause', 'inventory');
  const { body } = await platform.call('POST', '/products', {
    sku: 'PAUSED-1',
    name: 'Tea',
    price: { amount: 1, currency: 'EUR' },
    stock: 1,
  });
  expect(body).toMatchObject({ sku: 'PAUSED-1' });
  expect(await statusOf('inventory')).toMatchObject({ paused: true, unpublished: 2 });
  expect(await sagaworks('outbox', 'resume', 'inventory')).toMatchObject({
    code: 0,
    out: 'inventory publishes again\n',
  });
  await eventually(async () => expect(await statusOf('inventory')).toMatchObject({ paused: false, unpublished: 0 }));
}, 120_000);

test('what was published is published again to one queue, and has no second effect', async () => {
  const orderId = await shop.order({ userId, sku: await shop.product(1) });
  await shop.end(orderId);
  const replayed = await json('outbox', 'replay', 'orders', '--from', '0', '--queue', 'bridge-order-events');
  expect(replayed).toEqual({ published: 2, unpublished: 0, heldBack: 0, parked: 0 });
  expect((await platform.call('GET', `/orders/${orderId}`)).body).toMatchObject({ status: 'confirmed', version: 2 });
}, 120_000);

test('every action is in the audit, and customers see none of it', async () => {
  const { body } = await platform.call('GET', '/ops/audit');
  const actions = (body['items'] as { action: string }[]).map(({ action }) => action);
  expect(actions).toEqual(expect.arrayContaining(['dead-letters discard', 'outbox pause', 'outbox replay']));
  const token = await platform.token(userId, 'customer');
  for (const path of ['/ops/audit', '/ops/dead-letters', '/ops/parked', '/ops/outbox']) {
    expect(await platform.call('GET', path, undefined, { token })).toMatchObject({ status: 403 });
  }
});

test.each([
  [['dlq'], 64],
  [['dlq', 'list', '--older-than', 'long'], 64],
  [['dlq', 'list', '--queue', 'nobody'], 1],
  [['dlq', 'show', randomUUID()], 2],
  [['dlq', 'redrive', randomUUID()], 2],
  [['dlq', 'discard', '--yes'], 64],
  [['parked', 'list'], 2],
  [['parked', 'release', '--queue', queue], 64],
  [['parked', 'release', '--queue', queue, '--stream', 'user-1'], 1],
  [['outbox', 'pause', 'nobody'], 1],
  [['outbox', 'replay', 'orders', '--from', 'soon'], 64],
] as const)('sagaworks %p ends with %i and one line that says why', async (args, code) => {
  const { code: ended, err, out } = await sagaworks(...args);
  expect({ ended, out }).toEqual({ ended: code, out: '' });
  expect(err.split('\n')[0]).not.toBe('');
});

test('when the platform is away the command says so', async () => {
  const gone = { ...platform, url: 'http://127.0.0.1:9' };
  expect(await runSagaworks(gone, ['dlq', 'list'])).toMatchObject({
    code: 69,
    err: expect.stringContaining('running'),
  });
});

test('with four eyes, nobody approves what they have placed, or bought, and the attempt is written down', async () => {
  // The operator of the platform places it for the customer.
  const orderId = await shop.order({ userId, sku: await shop.product(1), token: 'tok_review' });
  await eventually(async () => {
    expect((await platform.call('GET', `/orders/${orderId}`)).body).toMatchObject({ status: 'in_review' });
  });
  const decide = (decision: 'approve' | 'reject', token?: string) =>
    platform.call('POST', `/orders/${orderId}/review`, { decision }, token === undefined ? {} : { token });
  expect(await decide('approve')).toMatchObject({ status: 403, body: { code: 'four-eyes' } });
  expect(await decide('approve', await platform.token(userId, 'operator'))).toMatchObject({ status: 403 });
  expect(await decide('approve', await platform.token(randomUUID(), 'operator'))).toMatchObject({ status: 200 });
  expect(await shop.end(orderId)).toMatchObject({ status: 'confirmed' });
  await eventually(async () => {
    const { body } = await platform.call('GET', '/ops/decisions');
    const about = (body['items'] as { object: string; outcome: string }[]).filter(({ object }) =>
      object.startsWith(`/orders/${orderId}/review`),
    );
    expect(about.map(({ outcome }) => outcome).sort()).toEqual(['allowed', 'denied', 'denied']);
  });
}, 120_000);
