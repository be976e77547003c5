import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Client as Postgres } from 'pg';
import { prepareBrokerUsers } from '../../infra/local/broker-users';
import { createManagement } from '../../lib/broker/management';
import { policyPrefix } from '../../lib/broker/topology/topology';
import { brokerPermissions } from '../../workers/topology/permissions';
import { brokerClients, serviceNames } from '../../workers/modules/roles';
import { services } from '../../workers/modules/discover';
import { eventually } from '../lib-support/eventually';
import { startMailServer, type MailServer } from '../support/mail-server';
import { orderBody } from '../support/order-body';
import { createWorld, startTestPlatform, type TestPlatform, type World } from '../support/platform';
import { required } from '../lib-support/required';
import { createShop } from '../support/shop';

const listeners = services.flatMap(({ name, exchange }) => (exchange ? [] : [name]));

let server: MailServer;
let world: World;
let logins: Record<string, string>;
/** Everybody else. */
let platform: TestPlatform;
const shop = createShop(() => platform);

beforeAll(async () => {
  server = await startMailServer();
  world = await createWorld();
  const made = await prepareBrokerUsers({
    managementUrl: required('RABBITMQ_MANAGEMENT_URL'),
    amqpUrl: world.env['RABBITMQ_URL'] ?? '',
    permissions: brokerPermissions(),
    passwords: Object.fromEntries(brokerClients.map((name) => [name, randomUUID()])),
    prefix: `${randomUUID()}-`,
  });
  if (!made) throw new Error('The test broker does not let us create users');
  logins = made;
  const others = serviceNames.filter((name) => !listeners.includes(name));
  platform = await startTestPlatform(world, [...others, 'bridge', 'saga']);
}, 120_000);
afterAll(async () => {
  await platform.stop();
  await server.close();
  await world.drop();
});

const databaseEnv = (name: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(world.env).filter(([variable]) => variable.startsWith(`${name.toUpperCase()}_DATABASE`)),
  );

/** `sagaworks run <name>` with nothing but its own database, its own broker login, and the keys of the tokens. */
function startAlone(name: string): Promise<TestPlatform> {
  const url = new URL(world.env['RABBITMQ_URL'] ?? '');
  [url.username = '', url.password = ''] = logins[name]?.split(':') ?? [];
  const env = {
    ...databaseEnv(name),
    RABBITMQ_URL: url.href,
    TOKEN_SIGNING_KEYS: world.env['TOKEN_SIGNING_KEYS'] ?? '',
    LOG_LEVEL: 'warn',
    ...(name === 'notifications' ? { SMTP_URL: server.url } : {}),
  };
  return startTestPlatform({ env }, [name], { PATH: process.env['PATH'] });
}

/** A user who buys the same two products again and again. */
interface Customer {
  userId: string;
  email: string;
  skus: [string, string];
  orders: string[];
}

async function customer(): Promise<Customer> {
  const email = `${randomUUID()}@example.com`;
  const { body } = await platform.call('POST', '/users', { email, name: 'Ada' });
  return {
    userId: String(body['userId']),
    email,
    skus: [await shop.product(500), await shop.product(500)],
    orders: [],
  };
}

/** Places an order, which must be confirmed as always. */
async function buy({ userId, skus, orders }: Customer): Promise<void> {
  const items = skus.map((sku) => ({ sku, quantity: 1 }));
  const { body } = await eventually(async () => {
    const answer = await platform.call('POST', '/orders', { ...orderBody({ userId, sku: skus[0] }), items });
    expect(answer).toMatchObject({ status: 202 });
    return answer;
  });
  expect(await shop.end(String(body['orderId']))).toMatchObject({ status: 'confirmed' });
  orders.push(String(body['orderId']));
}

/** What a service must know once it has heard of all orders; one that is taken out has no test. */
const knows: Record<string, (alone: TestPlatform, of: Customer) => Promise<void>> = {
  async notifications(alone, { email, orders }) {
    for (const orderId of orders) {
      const { body } = await alone.call('GET', `/notifications?orderId=${orderId}`);
      expect(body).toMatchObject({ items: [{ orderId, kind: 'confirmed', status: 'sent' }] });
    }
    expect(server.taken.filter(({ to }) => to.includes(email))).toHaveLength(orders.length);
  },
  async analytics(alone, { skus, orders }) {
    const { body } = await alone.call('GET', '/analytics/products?by=units&limit=1000');
    const sold = (body['items'] as { sku: string; units: number; revenue: number }[]).filter(({ sku }) =>
      skus.includes(sku),
    );
    expect(sold.map(({ units, revenue }) => ({ units, revenue }))).toEqual(
      skus.map(() => ({ units: orders.length, revenue: orders.length * 1250 })),
    );
  },
  async recommendations(alone, { skus: [first, second], orders }) {
    const { body } = await alone.call('GET', `/recommendations/${first}`);
    const [best] = body['items'] as unknown[];
    expect(best).toMatchObject({ sku: second, basis: 'bought-together', together: orders.length });
  },
};

/** The table that a handler of the service writes. */
const written: Record<string, string> = {
  notifications: 'notifications',
  analytics: 'sales',
  recommendations: 'baskets',
};

/**
 * Keeps every handler of the service from coming to its end, until the result is called: each waits in a transaction
 * that has written, on the PostgreSQL server that all services share here.
 */
async function stall(name: string): Promise<() => Promise<void>> {
  const client = new Postgres({ connectionString: world.databases[name] });
  await client.connect();
  await client.query(`begin; lock table ${written[name] ?? ''} in exclusive mode`);
  return () => client.end();
}

const refused = async (): Promise<number> => {
  const { body } = await platform.call('GET', '/ops/outbox');
  return (body['items'] as { service: string; refused: number }[]).find(({ service }) => service === 'orders')
    ?.refused as number;
};

test.each(listeners.filter((name) => knows[name]))(
  '%s runs alone; while it is down, full or slow orders are confirmed as always, and it catches up',
  async (name) => {
    const management = createManagement({
      url: required('RABBITMQ_MANAGEMENT_URL'),
      amqpUrl: world.env['RABBITMQ_URL'] ?? '',
    });
    const ada = await customer();
    // Down, and its queue is full soon.
    const queue = `${services.find((service) => service.name === name)?.consumer}-order-events`;
    const policy = policyPrefix + queue;
    await management.setPolicy({ name: policy, queue, definition: { 'max-length': 2 } });
    do await buy(ada);
    while ((await refused()) === 0);

    const alone = await startAlone(name);
    try {
      expect(await alone.call('GET', '/readyz')).toMatchObject({ status: 200 });
      await eventually(() => knows[name]?.(alone, ada), 60_000);
      await eventually(async () => expect(await refused()).toBe(0), 60_000);
      await management.removePolicy(policy);

      const goOn = await stall(name);
      try {
        await buy(ada);
        await buy(ada);
      } finally {
        await goOn();
      }
      await eventually(() => knows[name]?.(alone, ada), 60_000);
    } finally {
      await alone.stop();
    }
  },
  180_000,
);
