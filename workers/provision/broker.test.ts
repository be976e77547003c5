import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect } from 'amqplib';
import { createTestVhost, type TestVhost } from '../../tests/lib-support/vhost';
import { required } from '../../tests/lib-support/required';
import { brokerPermissions } from '../topology/permissions';
import { platformTopology } from '../topology/topology';
import { brokerDefinitions, provisionBroker, wantedUsers, type WantedBroker } from './broker';

const prefix = randomUUID();
let vhost: TestVhost;
let wanted: WantedBroker;

/** The broker's address with another login. */
function urlFor(login: string, address = vhost.url): string {
  const url = new URL(address);
  [url.username = '', url.password = ''] = login.split(':');
  return url.href;
}

beforeAll(async () => {
  // It makes the virtual host itself; this one is there for its address, and to be dropped.
  vhost = await createTestVhost();
  await vhost.drop();
  const adminUrl = required('RABBITMQ_MANAGEMENT_URL');
  const amqpUrl = urlFor(`${prefix}-platform:secret`);
  const users = wantedUsers({ amqpUrl, adminUrl }, { orders: `${prefix}-orders:its:own` }, brokerPermissions());
  wanted = { amqpUrl, adminUrl, users };
});
afterAll(async () => {
  await vhost.drop();
  for (const { name } of wanted.users) await vhost.api(`users/${name}`, 'DELETE');
});

async function publish(url: string, exchange: string): Promise<string> {
  const connection = await connect(url);
  try {
    const channel = await connection.createConfirmChannel();
    const refused = new Promise<string>((resolve) => channel.on('error', (error: Error) => resolve(error.message)));
    channel.publish(exchange, 'order.created', Buffer.from('{}'));
    return await Promise.race([
      refused,
      channel.waitForConfirms().then(
        () => 'allowed',
        () => refused,
      ),
    ]);
  } finally {
    await connection.close();
  }
}

test('it makes the virtual host, the users with their passwords and permissions, and the topology; twice is as once', async () => {
  expect(await provisionBroker(wanted, () => undefined)).toEqual([]);
  expect(await provisionBroker(wanted, () => undefined)).toEqual([]);
  const url = urlFor(`${prefix}-orders:its%3Aown`);
  expect(await publish(url, 'order-events')).toBe('allowed');
  expect(await publish(url, 'payment-events')).toContain('ACCESS_REFUSED');
  const queues = (await vhost.api(`queues/${vhost.name}`)) as { name: string }[];
  expect(queues.map(({ name }) => name).sort()).toEqual(
    platformTopology()
      .queues.map(({ name }) => name)
      .sort(),
  );
});

test('the definitions for an administrator make the same, and hold no password', async () => {
  const definitions = brokerDefinitions(wanted, platformTopology());
  expect(JSON.stringify(definitions)).not.toMatch(/secret|its:own/);
  await provisionBroker(wanted, () => undefined);
  const before = await vhost.api(`definitions/${vhost.name}`);
  await vhost.drop();
  await vhost.api('definitions', 'POST', definitions);
  expect(sorted(await vhost.api(`definitions/${vhost.name}`))).toEqual(sorted(before));
  expect(await publish(urlFor(`${prefix}-orders:its%3Aown`), 'order-events')).toBe('allowed');
});

/** The lists of definitions, each in one order. */
const sorted = (definitions: unknown): unknown =>
  Object.fromEntries(
    ['exchanges', 'queues', 'bindings', 'policies'].map((kind) => [
      kind,
      ((definitions as Record<string, object[]>)[kind] ?? []).map((one) => JSON.stringify(one)).sort(),
    ]),
  );

test('the administrator keeps its own login, though processes use it as well', () => {
  const both = { amqpUrl: 'amqp://root:secret@broker', adminUrl: 'http://root:secret@broker:15672' };
  expect(wantedUsers(both, {}, {})).toEqual([]);
});
