import { expect, test } from '@jest/globals';
import type { ConsumeMessage } from 'amqplib';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { createEmptyDatabase } from '../../tests/lib-support/database';
import { latch } from '../../tests/lib-support/latch';
import { eventually } from '../../tests/lib-support/eventually';
import type { RelayWorld } from '../../tests/lib-support/relay';
import { relayWorlds } from '../../tests/lib-support/relay-worlds';
import type { OutgoingMessage } from '../events/envelope';
import { openDatabase } from '../db/database';
import { createMetrics } from '../telemetry/metrics';
import { createCommitNotifier } from './commit-notifier';

const createWorld = relayWorlds();

const types = ({ received }: RelayWorld): string[] => received.map(({ type }) => type);
const arrived = (world: RelayWorld, expected: readonly string[]) =>
  eventually(() => {
    expect(types(world)).toEqual(expected);
  });
const cursorOf = async ({ log }: RelayWorld): Promise<number> => {
  const relays = log.database.kysely.selectFrom('relays').select('cursor_position');
  return (await relays.executeTakeFirst())?.cursor_position ?? 0;
};
/** A poll interval longer than any test. */
const never = 3_600_000;

test('what was appended before and after the start arrives once, in order, as it was written', async () => {
  const world = await createWorld();
  await world.append('note.first', { stream: 'note-1' });
  await world.append('note.second', { stream: 'note-1', expectedVersion: 1 });
  await world.relay();
  await arrived(world, ['note.first', 'note.second']);
  await world.append('note.third', { stream: 'note-1', expectedVersion: 2 });
  await arrived(world, ['note.first', 'note.second', 'note.third']);
  expect(world.received[1]).toMatchObject({ stream: 'note-1', version: 2, subject: '1', source: '/test' });
  expect(world.received[1]?.data).toEqual({ type: 'note.second' });
});

test('many writers, transactions that overlap: all arrives once, each stream in its order', async () => {
  const world = await createWorld();
  await world.relay({ tuning: { batchSize: 10, window: 25 } });
  const writer = async (name: number): Promise<void> => {
    for (let version = 0; version < 50; version += 2) {
      await world.log.database.kysely.transaction().execute(async (trx) => {
        await world.append('note.a', { stream: `note-${name}`, expectedVersion: version }, trx);
        await world.append('note.b', { stream: `note-${name}`, expectedVersion: version + 1 }, trx);
      });
    }
  };
  await Promise.all([1, 2, 3, 4, 5, 6].map(writer));
  await eventually(() => {
    expect(world.received).toHaveLength(300);
  });
  for (const name of [1, 2, 3, 4, 5, 6]) {
    const versions = world.received.filter(({ stream }) => stream === `note-${name}`).map(({ version }) => version);
    expect(versions).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
  }
});

test('without polling, a commit wakes the relay: in this process, and from another one', async () => {
  const world = await createWorld();
  const here = createCommitNotifier(world.log);
  const elsewhere = createCommitNotifier(world.log);
  await world.append('note.found');
  await world.relay({ notifier: here, tuning: { pollMs: never } });
  await arrived(world, ['note.found']);
  // From here on it only waits for a notification.
  await world.append('note.direct');
  here.notify();
  await arrived(world, ['note.found', 'note.direct']);
  await world.append('note.notified');
  elsewhere.notify();
  await arrived(world, ['note.found', 'note.direct', 'note.notified']);
  await Promise.all([here.close(), elsewhere.close()]);
});

/**
 * Opens a transaction that has written, in the log's database or in another one of the server. Returns how to commit
 * it.
 */
async function openTransaction(url: string): Promise<() => Promise<void>> {
  const database = openDatabase<unknown>({ url, name: 'other' });
  const open = await database.kysely.startTransaction().execute();
  await sql`select pg_current_xact_id()`.execute(open);
  return async () => {
    await open.commit().execute();
    await database.close();
  };
}

test('without polling, held-back events arrive once the transaction ends, without a notification', async () => {
  const world = await createWorld();
  const notifier = createCommitNotifier(world.log);
  await world.relay({ notifier, tuning: { pollMs: never } });
  const commit = await openTransaction(world.log.url);

  await world.append('note.held_back');
  notifier.notify();
  await sleep(100); // It has read the log, and found that it must wait.
  expect(types(world)).toEqual([]);
  await commit();
  await arrived(world, ['note.held_back']);
  await notifier.close();
});

test('a transaction that stays open in another database of the server holds nothing back', async () => {
  const world = await createWorld();
  const elsewhere = await createEmptyDatabase();
  const notifier = createCommitNotifier(world.log);
  await world.relay({ notifier, tuning: { pollMs: never } });
  const commit = await openTransaction(elsewhere.url);
  for (const type of ['note.first', 'note.second']) {
    await world.append(type);
    notifier.notify();
  }
  await arrived(world, ['note.first', 'note.second']);
  await commit();
  await elsewhere.drop();
  await notifier.close();
});

test('a relay that stops waits for the confirms of publishes in flight', async () => {
  const world = await createWorld();
  const confirm = latch();
  let passed = 0;
  const publish = (): Promise<void> => {
    passed += 1;
    return confirm.opened;
  };
  await world.append('note.slow');
  const relay = await world.relay({ publisher: { publish } });
  await eventually(() => {
    expect(passed).toBe(1);
  });
  const stopped = relay.stop();
  await sleep(50);
  confirm.open();
  await stopped;
  expect(await cursorOf(world)).toBe(1);
});

test('when a relay stops, the one that waits for the lease starts at once', async () => {
  const world = await createWorld();
  const patient = { pollMs: never, leaseMs: never };
  const first = await world.relay({ tuning: patient });
  await world.append('note.first');
  const notifier = createCommitNotifier(world.log);
  notifier.notify();
  await arrived(world, ['note.first']);
  await world.relay({ tuning: patient });
  await first.stop();
  expect(await cursorOf(world)).toBe(1);
  await world.append('note.second');
  await eventually(() => {
    notifier.notify();
    expect(types(world)).toEqual(['note.first', 'note.second']);
  });
  await notifier.close();
});

test('a stalled holder that was replaced neither moves the cursor nor publishes on', async () => {
  const world = await createWorld();
  const stall = latch();
  let passed = 0;
  const stalling = {
    publish: async (message: OutgoingMessage) => {
      passed += 1;
      await stall.opened;
      await world.publisher.publish(message);
    },
  };
  for (const type of ['note.a', 'note.b', 'note.c', 'note.d']) await world.append(type);
  const metrics = createMetrics();
  await world.relay({
    publisher: stalling,
    metrics,
    owner: 'stalled',
    tuning: { window: 2, leaseMs: 300, settleMs: 0 },
  });
  await eventually(() => {
    expect(passed).toBe(2);
  });
  await world.relay({ tuning: { leaseMs: never } });
  await eventually(async () => {
    // As if it had been stalled: its lease has expired without its knowledge.
    await sql`update relays set expires_at = '-infinity' where owner like 'stalled/%'`.execute(
      world.log.database.kysely,
    );
    expect(types(world)).toEqual(['note.a', 'note.b', 'note.c', 'note.d']);
  });
  await eventually(async () => {
    expect(await cursorOf(world)).toBe(4);
    expect(await metrics.registry.metrics()).toContain('error_type="version-conflict"');
  });
  stall.open();
  await arrived(world, ['note.a', 'note.b', 'note.c', 'note.d', 'note.a', 'note.b']);
  expect(passed).toBe(2);
  expect(await cursorOf(world)).toBe(4);
});

test('after a stall longer than its lease, a holder sends nothing more', async () => {
  const world = await createWorld();
  const stall = latch();
  let passed = 0;
  const publisher = {
    publish: () => {
      passed += 1;
      return stall.opened;
    },
  };
  for (const type of ['note.a', 'note.b', 'note.c', 'note.d']) await world.append(type);
  await world.relay({ publisher, tuning: { window: 2, leaseMs: 1_000, backOffMs: [never, never] } });
  await eventually(() => {
    expect(passed).toBe(2);
  });
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_200); // It blocks the whole process.
  stall.open();
  await sleep(100);
  expect(passed).toBe(2);
});

test('a relay stops in time although no confirm comes, and leaves the cursor before what is not confirmed', async () => {
  const world = await createWorld();
  let passed = 0;
  const publish = (message: OutgoingMessage) => {
    passed += 1;
    return message.routingKey === 'note.b' ? new Promise<void>(() => undefined) : Promise.resolve();
  };
  for (const type of ['note.a', 'note.b', 'note.c', 'note.d']) await world.append(type);
  const relay = await world.relay({ publisher: { publish }, tuning: { window: 2, settleMs: 50 } });
  await eventually(() => {
    expect(passed).toBe(3);
  });
  await relay.stop();
  expect(await cursorOf(world)).toBe(1);
});

test('a message that a full queue refuses is published again until it is taken, and holds up nobody else', async () => {
  const full = 'full';
  const world = await createWorld({
    bind: async (channel, exchange) => {
      await channel.assertQueue(full, {
        durable: true,
        arguments: { 'x-max-length': 3, 'x-overflow': 'reject-publish' },
      });
      await channel.bindQueue(full, exchange, '#');
      await channel.assertQueue('roomy', { durable: true });
      await channel.bindQueue('roomy', exchange, '#');
    },
  });
  const expected = Array.from({ length: 10 }, (_, index) => `note.n${index}`);
  for (const type of expected) await world.append(type);
  const metrics = createMetrics();
  await world.relay({ metrics, tuning: { measureMs: 50, refusedMs: [50, 50] } });
  await eventually(async () => expect(await metrics.registry.metrics()).toMatch(/relay_refused_events\{.*\} [67]/));
  expect(await metrics.registry.metrics()).not.toMatch(/messaging_publish_errors_total\{.*\} [1-9]/);
  await eventually(async () => expect(await cursorOf(world)).toBe(10));
  const others: string[] = [];
  for (let got = await world.channel.get('roomy'); got; got = await world.channel.get('roomy')) {
    others.push(got.fields.routingKey);
  }
  expect([...new Set(others)]).toEqual(expected);
  const seen = new Set<string>();
  const see = (message: ConsumeMessage | null): void => {
    if (message) seen.add(message.fields.routingKey);
  };
  await world.channel.consume(full, see, { noAck: true });
  await eventually(() => {
    expect([...seen].sort()).toEqual(expected);
  });
  await eventually(async () => expect(await metrics.registry.metrics()).toMatch(/relay_refused_events\{.*\} 0/));
});

test('a message that no queue takes is published again until one does', async () => {
  const world = await createWorld({ bind: () => Promise.resolve() });
  const metrics = createMetrics();
  await world.append('note.unroutable');
  await world.relay({ metrics });
  await eventually(async () => {
    expect(await metrics.registry.metrics()).toMatch(/error_type="unroutable"\} [2-9]/);
  });
  expect(await cursorOf(world)).toBe(0);
  await world.channel.assertQueue('late', { durable: true });
  await world.channel.bindQueue('late', world.exchange, '#');
  await eventually(async () => {
    expect(await cursorOf(world)).toBe(1);
  });
  expect(await world.channel.get('late')).toMatchObject({ fields: { routingKey: 'note.unroutable' } });
});

test('events that no message can be made of are set aside, and do not hold up the others', async () => {
  const world = await createWorld();
  const impossible = `note.${'x'.repeat(300)}`;
  for (let count = 0; count < 30; count += 1) await world.append(impossible);
  await world.append('note.fine');
  const metrics = createMetrics();
  await world.relay({ metrics });
  await arrived(world, ['note.fine']);
  await eventually(async () => {
    expect(await metrics.registry.metrics()).toMatch(/relay_parked_events_total\{.*\} 30/);
  });
  const parked = await world.log.database.kysely.selectFrom('relay_parked').selectAll().execute();
  expect(parked).toHaveLength(30);
  expect(parked[0]?.reason).not.toBe('');
});

test('a paused relay publishes nothing until it goes on', async () => {
  const world = await createWorld();
  const db = world.log.database.kysely;
  await world.relay();
  await world.append('note.first');
  await arrived(world, ['note.first']);
  await db.updateTable('relays').set({ paused: true }).execute();
  await world.append('note.second');
  await sleep(200); // Many polls.
  expect(types(world)).toEqual(['note.first']);
  await db.updateTable('relays').set({ paused: false }).execute();
  await arrived(world, ['note.first', 'note.second']);
});

test('a relay that loses its database resumes when it is back', async () => {
  const world = await createWorld();
  await world.relay({ tuning: { leaseMs: 500 } });
  await world.append('note.first');
  await arrived(world, ['note.first']);
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name like 'relay%'`.execute(world.log.database.kysely);
  await world.append('note.second');
  // If the cursor was not written before the loss, the first event arrives twice.
  await eventually(() => {
    expect(new Set(types(world))).toEqual(new Set(['note.first', 'note.second']));
  });
});

test('a relay can start before its database and its broker are up, and can be stopped meanwhile', async () => {
  const world = await createWorld();
  const relay = await world.relay({ database: { url: 'postgres://postgres@127.0.0.1:1/nowhere' } });
  await relay.stop();
});
