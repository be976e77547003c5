import { expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../../tests/lib-support/eventually';
import {
  createInboxWorld,
  inWorld,
  newStream,
  note,
  notes,
  queueName,
  writeEffect,
  type InboxWorld,
} from '../../../tests/lib-support/inbox';
import { startProxy, type Proxy } from '../../../tests/lib-support/proxy';
import { required } from '../../../tests/lib-support/required';
import { openDatabase } from '../../db/database';

/** Runs a test in a world whose broker is reached through a line that can be cut. */
const withLine = (run: (world: InboxWorld, line: Proxy) => Promise<void>) => async (): Promise<void> => {
  const { hostname, port } = new URL(required('RABBITMQ_URL'));
  const line = await startProxy({ host: hostname, port: Number(port) });
  const world = await createInboxWorld({ brokerPort: line.port });
  try {
    await run(world, line);
  } finally {
    await world.drop();
    await line.close();
  }
};

test(
  'events under way when the connection is cut take effect once, in order',
  withLine(async (world, line) => {
    let entered = 0;
    const subscription = notes('slow', async (...args) => {
      entered += 1;
      await sql`select pg_sleep(0.01)`.execute(args[3]);
      await writeEffect(...args);
    });
    const streams = Array.from({ length: 5 }, newStream);
    const versions = Array.from({ length: 40 }, (_, at) => at + 1);
    await world.consume(subscription);
    const events = versions.flatMap((version) => streams.map((stream) => note({ stream, version })));
    await Promise.all(events.map((event) => world.publish(event)));
    for (const soFar of [20, 60, 120]) {
      await eventually(() => expect(entered).toBeGreaterThan(soFar));
      line.cut();
      line.restore();
    }
    await eventually(async () => expect((await world.effects()).length).toBeGreaterThanOrEqual(200));
    await eventually(async () => expect(await world.ready(queueName)).toBe(0));
    for (const stream of streams) {
      expect((await world.effects(stream)).map(({ version }) => version)).toEqual(versions);
    }
    expect(await world.deadLetters()).toEqual([]);
  }),
);

test(
  'a message that takes the consumer down each time is a dead letter; those delivered with it are not',
  withLine(async (world, line) => {
    await world.vhost.api(`policies/${world.vhost.name}/limit`, 'PUT', {
      pattern: queueName,
      definition: { 'delivery-limit': 6 },
      'apply-to': 'queues',
    });
    const poison = note();
    let crashes = 0;
    const subscription = notes('crashing', async (...args) => {
      if (args[0] !== poison.stream) return writeEffect(...args);
      crashes += 1;
      line.cut();
      line.restore();
      // Like a crash: by the time it fails, the delivery has returned to the queue.
      await sleep(100);
      throw new Error('crash');
    });
    const before = await world.consume(notes('crashing'));
    await before.stop();
    const others = Array.from({ length: 100 }, () => note());
    for (const event of [poison, ...others]) await world.publish(event);
    await world.consume(subscription);
    const [dead, ...more] = await eventually(async () => {
      const deadLetters = await world.deadLetters();
      expect(deadLetters).not.toEqual([]);
      return deadLetters;
    });
    expect(dead?.id).toBe(poison.id);
    expect(dead?.headers['x-death']).toMatchObject([{ reason: 'delivery_limit', queue: queueName }]);
    await eventually(async () => expect(await world.effects()).toHaveLength(100));
    expect([...more, ...(await world.deadLetters())]).toEqual([]);
    expect(crashes).toBeGreaterThan(3);
  }),
);

test(
  'a consumer whose connection the broker closes comes back',
  inWorld(async (world) => {
    await world.consume(notes());
    const { vhost } = world;
    // The broker lists a new connection with a delay of some seconds.
    const open = await eventually(async () => {
      const listed = (await vhost.api(`vhosts/${vhost.name}/connections`)) as { name: string }[];
      expect(listed).toHaveLength(2);
      return listed;
    });
    for (const connection of open) await vhost.api(`connections/${encodeURIComponent(connection.name)}`, 'DELETE');
    const event = note();
    await world.publish(event);
    await eventually(async () => expect(await world.effects(event.stream)).toHaveLength(1));
  }),
);

test(
  'a consumer whose queue was deleted declares it again and continues',
  inWorld(async (world) => {
    await world.consume(notes());
    await world.broker.consuming.withChannel((channel) => channel.deleteQueue(queueName));
    const event = note();
    await eventually(async () => expect(await world.consumersOf(queueName)).toBe(1));
    await world.publish(event);
    await eventually(async () => expect(await world.effects(event.stream)).toHaveLength(1));
  }),
);

test(
  'while the database is away events are held: no attempt is burnt, and all is applied when it is back',
  inWorld(async (world) => {
    const url = new URL(world.test.url);
    const proxy = await startProxy({ host: url.hostname, port: Number(url.port) });
    url.port = String(proxy.port);
    const database = openDatabase<unknown>({ url: url.href, name: 'proxied' });
    let isBroken = true;
    let cutDuring: string | undefined;
    const subscription = notes('held', async (...args) => {
      if (args[0] === cutDuring) {
        cutDuring = undefined;
        proxy.cut();
      }
      if (isBroken && args[0] === poison.stream) throw new Error('poison');
      await writeEffect(...args);
    });
    const [first, poison, last] = [note(), note(), note()];
    cutDuring = first.stream;
    const consumer = await world.consume(subscription, { database });
    try {
      await world.publish(first);
      await eventually(() => expect(cutDuring).toBeUndefined());
      for (const event of [poison, last]) await world.publish(event);
      // Longer than all retries of this test together.
      await sleep(1_000);
      expect(await world.counted('messaging_retried_messages_total')).toBe(0);
      proxy.restore();
      // Poison is found out afterwards, and does not hold up the others.
      await eventually(async () => expect(await world.effects()).toHaveLength(2));
      await eventually(async () => expect(await world.counted('messaging_retried_messages_total')).toBeGreaterThan(0));
      isBroken = false;
      await eventually(async () => expect(await world.effects()).toHaveLength(3));
      expect(await world.deadLetters()).toEqual([]);
    } finally {
      await consumer.stop();
      await database.close();
      await proxy.close();
    }
  }),
);

test(
  'a consumer that is stopped finishes what it has started; the rest is left to the next one',
  inWorld(async (world) => {
    const events = Array.from({ length: 500 }, () => note());
    const first = await world.consume(notes('stopped'), { prefetch: 10 });
    await Promise.all(events.map((event) => world.publish(event)));
    await eventually(async () => expect((await world.effects()).length).toBeGreaterThan(0));
    await first.stop();
    const done = (await world.effects()).length;
    await eventually(async () => expect(await world.ready(queueName)).toBe(500 - done));
    await world.consume(notes('stopped'));
    await eventually(async () => expect(await world.effects()).toHaveLength(500));
    expect(await world.counted('messaging_client_consumed_messages_total', { outcome: 'duplicate' })).toBe(0);
  }),
);
