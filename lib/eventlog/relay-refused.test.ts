import { expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { eventually } from '../../tests/lib-support/eventually';
import type { RelayWorld } from '../../tests/lib-support/relay';
import { relayWorlds } from '../../tests/lib-support/relay-worlds';
import type { OutgoingMessage } from '../events/envelope';
import { platformError, type PlatformError } from '../errors/errors';
import { createMetrics } from '../telemetry/metrics';

const createWorld = relayWorlds();

const refusal = (): PlatformError => platformError('broker-refused', 'full');
const refusedIn = ({ log }: RelayWorld) => log.database.kysely.selectFrom('relay_refused').selectAll().execute();
const quick = { refusedMs: [20, 20] } as const;
/** A lease that no other relay takes over. */
const never = 3_600_000;
const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `note.n${index}`);

/** A publisher that refuses everything, and counts the attempts. */
function createRefuser() {
  const refuser = {
    tried: 0,
    publish: (): Promise<void> => {
      refuser.tried += 1;
      return Promise.reject(refusal());
    },
  };
  return refuser;
}

test('a queue that has room again gets all it refused, though another one stays full for good', async () => {
  const world = await createWorld({
    bind: async (channel, exchange) => {
      for (const queue of ['stuck', 'drained']) {
        const bounds = { 'x-max-length': 2, 'x-overflow': 'reject-publish' };
        await channel.assertQueue(queue, { durable: true, arguments: bounds });
        await channel.bindQueue(queue, exchange, '#');
      }
    },
  });
  const expected = names(30);
  for (const type of expected) await world.append(type);
  // A small batch, so that the entries refused by the full queue alone fill many rounds.
  await world.relay({ tuning: { ...quick, batchSize: 4 } });
  await eventually(async () => expect((await refusedIn(world)).length).toBeGreaterThan(25));
  const seen = new Set<string>();
  await world.channel.consume('drained', (message) => message && seen.add(message.fields.routingKey), { noAck: true });
  await eventually(() => expect([...seen].sort()).toEqual(expected.toSorted()), 20_000);
  expect((await world.channel.checkQueue('stuck')).messageCount).toBeGreaterThan(0);
  expect((await refusedIn(world)).length).toBeGreaterThan(25);
});

test('what was refused is sent by the relay that follows a killed one', async () => {
  const world = await createWorld();
  const refuser = createRefuser();
  for (const type of names(5)) await world.append(type);
  await world.relay({ publisher: refuser, owner: 'killed', tuning: { ...quick, leaseMs: never } });
  await eventually(async () => expect(await refusedIn(world)).toHaveLength(5));
  await world.relay({ tuning: { ...quick, leaseMs: never } });
  const db = world.log.database.kysely;
  await eventually(async () => {
    await sql`update relays set expires_at = '-infinity' where owner like 'killed/%'`.execute(db);
    expect(new Set(world.received.map(({ type }) => type))).toEqual(new Set(names(5)));
  });
  await eventually(async () => expect(await refusedIn(world)).toEqual([]));
});

test('a paused relay does not try what was refused', async () => {
  const world = await createWorld();
  const db = world.log.database.kysely;
  const refuser = createRefuser();
  await world.append('note.refused');
  await world.relay({ publisher: refuser, tuning: quick });
  await eventually(() => expect(refuser.tried).toBeGreaterThan(2));
  await db.updateTable('relays').set({ paused: true }).execute();
  await sleep(100); // Entries read before the pause.
  const { tried } = refuser;
  await sleep(200); // Many rounds.
  expect(refuser.tried).toBe(tried);
  await db.updateTable('relays').set({ paused: false }).execute();
  await eventually(() => expect(refuser.tried).toBeGreaterThan(tried));
});

test('an entry that is refused repeatedly waits longer each time, up to a limit', async () => {
  const world = await createWorld();
  const refuser = createRefuser();
  await world.append('note.refused');
  await world.relay({ publisher: refuser, tuning: { refusedMs: [10, 80] } });
  await eventually(async () => {
    const [row] = await sql<{ waits: number; tries: number }>`
      select tries, extract(epoch from next_at - now()) * 1000 as waits from relay_refused`
      .execute(world.log.database.kysely)
      .then(({ rows }) => rows);
    expect(row?.tries).toBeGreaterThan(5); // Without a limit, the wait would be 320 ms and more.
    expect(Number(row?.waits)).toBeGreaterThan(10);
    expect(Number(row?.waits)).toBeLessThanOrEqual(80);
  });
});

test('among refused entries, an unroutable one and one that cannot be a message do not block the others', async () => {
  const world = await createWorld();
  const metrics = createMetrics();
  const taken: string[] = [];
  const met = new Set<string>();
  const publish = async ({ routingKey }: OutgoingMessage): Promise<void> => {
    const isFirst = !met.has(routingKey);
    met.add(routingKey);
    await Promise.resolve();
    if (isFirst) throw refusal();
    if (routingKey === 'note.lost') throw platformError('unroutable', 'nobody');
    if (routingKey === 'note.odd') throw platformError('invalid-message', 'odd');
    taken.push(routingKey);
  };
  for (const type of ['note.lost', 'note.odd', 'note.fine']) await world.append(type);
  await world.relay({ publisher: { publish }, metrics, tuning: quick });
  await eventually(() => expect(taken).toEqual(['note.fine']));
  await eventually(async () => expect(await refusedIn(world)).toMatchObject([{ position: 1 }]));
  expect(await world.log.database.kysely.selectFrom('relay_parked').select('position').execute()).toEqual([
    { position: 2 },
  ]);
  await world.append('note.later');
  await eventually(() => expect(taken).toEqual(['note.fine', 'note.later']));
  expect(await metrics.registry.metrics()).not.toMatch(/messaging_publish_errors_total\{.*\} [1-9]/);
});

test('a relay that gets no confirm while it has events says so in a gauge, until it gets one', async () => {
  const world = await createWorld();
  const metrics = createMetrics();
  let isRefusing = true;
  const publish = (): Promise<void> => (isRefusing ? Promise.reject(refusal()) : Promise.resolve());
  const stalledSeconds = async (): Promise<number> =>
    (await metrics.registry.getSingleMetric('relay_stalled_seconds')?.get())?.values[0]?.value ?? 0;
  await world.append('note.refused');
  await world.relay({ publisher: { publish }, metrics, tuning: { ...quick, measureMs: 20 } });
  await eventually(async () => expect(await stalledSeconds()).toBeGreaterThan(0.5));
  isRefusing = false;
  await eventually(async () => expect(await stalledSeconds()).toBe(0));
});
