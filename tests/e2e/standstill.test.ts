import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect } from 'amqplib';
import { exec } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { sagaworks } from '../support/command';
import { eventually } from '../lib-support/eventually';
import { createWorld, startTestPlatform, type TestPlatform, type World } from '../support/platform';
import { createShop } from '../support/shop';

const queues = ['analytics-service-order-events', 'bridge-order-events'];
let world: World;
let platform: TestPlatform;
let consumers: TestPlatform;
const shop = createShop(() => platform);

beforeAll(async () => {
  world = await createWorld({ RECONCILE_EVERY_MS: '1000', BEHIND_AFTER_MS: '1000' });
  platform = await startTestPlatform(world, ['api', 'relay', 'activities', 'saga']);
  consumers = await startTestPlatform(world, ['consumers', 'bridge']);
}, 120_000);
afterAll(async () => {
  await consumers.stop();
  await platform.stop();
  await world.drop();
});

const audit = () => sagaworks(platform, ['audit', '--settle', '0', '--behind', '0'], world.env);
const drift = async (): Promise<string | undefined> =>
  /^sagaworks_drift\{kind="behind"\} (\d+)$/m.exec(await (await fetch(`${platform.url}/metrics`)).text())?.[1];

/** Removes the messages of the queues, once there is one in each. */
async function purge(): Promise<void> {
  const connection = await connect(world.env['RABBITMQ_URL'] ?? '');
  const channel = await connection.createChannel();
  for (const queue of queues) {
    await eventually(async () => expect((await channel.checkQueue(queue)).messageCount).toBe(1));
    await channel.purgeQueue(queue);
  }
  await connection.close();
}

/** As it stands there, in a shell. */
const run = async (command: string): Promise<void> => {
  const token = await platform.token(randomUUID(), 'operator');
  await promisify(exec)(command, { env: { ...process.env, SAGAWORKS_URL: platform.url, SAGAWORKS_TOKEN: token } });
};

test('messages that are purged from a queue by hand are named by the audit, and its commands repair it', async () => {
  const userId = await shop.user();
  const sku = await shop.product(9);
  await shop.end(await shop.order({ userId, sku }));
  await eventually(async () => expect(await audit()).toMatchObject({ code: 0 }), 60_000);

  await consumers.stop();
  const orderId = await shop.order({ userId, sku });
  await purge();
  consumers = await startTestPlatform(world, ['consumers', 'bridge']);

  let commands: string[] = [];
  await eventually(async () => {
    const { code, out } = await audit();
    expect(code).toBe(2);
    commands = out.split('\n').filter((line) => line.includes('npm run sagaworks -- outbox replay'));
    expect(commands.map((line) => line.trim()).sort()).toEqual(
      queues.map(
        (queue) => `npm run sagaworks -- outbox replay orders --stream order-${orderId} --from 1 --queue ${queue}`,
      ),
    );
    expect(out).toMatch(new RegExp(`behind +order-${orderId} +${queues[0]}`));
  }, 60_000);
  await eventually(async () => expect(await drift()).toBe('2'), 60_000);

  for (const command of commands) await run(command);
  expect(await shop.end(orderId)).toMatchObject({ status: 'confirmed' });
  await eventually(
    async () => expect(await audit()).toMatchObject({ code: 0, out: '2 orders: everything agrees\n' }),
    60_000,
  );
  await eventually(async () => expect(await drift()).toBe('0'), 60_000);
  const { body } = await platform.call('GET', '/analytics/funnel');
  const lines = body['items'] as { placed: number; confirmed: number }[];
  const sumOf = (field: 'placed' | 'confirmed'): number => lines.reduce((sum, line) => sum + line[field], 0);
  expect([sumOf('placed'), sumOf('confirmed')]).toEqual([2, 2]);
}, 240_000);
