import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createEmptyDatabase } from '../../../tests/lib-support/database';
import { eventually } from '../../../tests/lib-support/eventually';
import { createInboxWorld, newStream, notes, queueName } from '../../../tests/lib-support/inbox';
import { createRelayWorld, type RelayWorld } from '../../../tests/lib-support/relay';
import { createTestVhost, type TestVhost } from '../../../tests/lib-support/vhost';
import { openDatabase } from '../../db/database';
import { replay, pauseOutbox } from './outbox';
import type { Log } from '../readers';
import { replayStream } from './replay-stream';

let vhost: TestVhost;
let world: RelayWorld;
beforeEach(async () => {
  vhost = await createTestVhost();
  world = await createRelayWorld({ vhost });
});
afterEach(async () => {
  await world.end();
  await vhost.drop();
});

const db = () => world.log.database.kysely;
const log = (): Log => ({
  service: 'notes',
  exchange: world.exchange,
  source: '/notes',
  db: db() as never,
  wake: () => undefined,
});
const replayAll = (waitMs: number) => replay(world.publisher, log(), { position: 0 }, { waitMs });
/** Longer than any replay here takes. */
const longWaitMs = 30_000;
const arrivals = () => world.received.map(({ type }) => type).sort();
const arrived = (...types: string[]) => eventually(() => expect(arrivals()).toEqual(types));

test('events held back by a transaction of the same database are counted, and replayed once they may be published', async () => {
  await world.append('note.a');
  await world.relay();
  await arrived('note.a');
  const trx = await db().startTransaction().execute();
  try {
    await world.append('note.b', {}, trx);
    await world.append('note.c');
    expect(await replayAll(300)).toEqual({ published: 1, unpublished: 1, heldBack: 1, parked: 0 });
    const replaying = replayAll(longWaitMs);
    await trx.commit().execute();
    expect(await replaying).toEqual({ published: 3, unpublished: 0, heldBack: 0, parked: 0 });
  } finally {
    if (!trx.isCommitted) await trx.rollback().execute();
  }
});

test('a transaction of another database does not keep a replay waiting', async () => {
  const { url, drop } = await createEmptyDatabase();
  const other = openDatabase({ url, name: 'elsewhere' });
  const trx = await other.kysely.startTransaction().execute();
  try {
    await sql`select pg_current_xact_id()`.execute(trx);
    await world.append('note.a');
    await world.relay();
    await arrived('note.a');
    await world.append('note.b');
    expect(await replayAll(longWaitMs)).toEqual({ published: 2, unpublished: 0, heldBack: 0, parked: 0 });
    await arrived('note.a', 'note.a', 'note.b', 'note.b');
  } finally {
    await trx.rollback().execute();
    await other.close();
    await drop();
  }
});

test('a replay does not wait for a paused relay: its unpublished events are counted', async () => {
  await world.relay();
  await world.append('note.a');
  await arrived('note.a');
  expect(await replayAll(longWaitMs)).toMatchObject({ published: 1 });
  await pauseOutbox(log(), true);
  await world.append('note.b');
  expect(await replayAll(longWaitMs)).toEqual({ published: 1, unpublished: 1, heldBack: 0, parked: 0 });
});

test('events that no message can be made of are left out and counted', async () => {
  await world.append(`note.${'x'.repeat(300)}`);
  await world.append('note.a');
  await world.relay();
  await arrived('note.a');
  expect(await replayAll(longWaitMs)).toEqual({ published: 1, unpublished: 0, heldBack: 0, parked: 1 });
});

test('the replay of one stream leaves out and counts events that no message can be made of as well', async () => {
  const stream = newStream();
  const unpublishable = 'x'.repeat(300);
  const events = ['note.a', `note.${unpublishable}`].map((type) => ({ type, dataVersion: 1, data: {} }));
  await world.append('note.a', { stream, events });
  await world.relay();
  await arrived('note.a');
  expect(await replayStream(world.publisher, log(), stream, {})).toMatchObject({ published: 1, parked: 1 });
  expect(await replayStream(world.publisher, log(), stream, { version: 2 })).toMatchObject({ published: 0, parked: 1 });
});

test('a stream that is parked at a consumer continues when a replay brings the missing event', async () => {
  const inbox = await createInboxWorld();
  const there = await createRelayWorld({ vhost: inbox.vhost });
  try {
    await inbox.consume(notes());
    const stream = newStream();
    const data = { text: 'milk' };
    const events = [1, 2, 3].map(() => ({ type: 'note.taken', dataVersion: 1, data }));
    await there.append('note.taken', { stream, events });
    await there.relay();
    await eventually(() => expect(there.received).toHaveLength(3));
    // The first one was lost, as when a queue is purged.
    for (const { id, version } of there.received.slice(1)) await inbox.publish({ id, stream, version });
    await eventually(async () => expect(await inbox.parked()).toHaveLength(2));
    const { exchange, log: database } = there;
    const parked: Log = { ...log(), exchange, db: database.database.kysely as never };
    expect(await replay(inbox.publisher, parked, { position: 0 }, { queue: queueName })).toMatchObject({
      published: 3,
    });
    await eventually(async () => {
      expect((await inbox.effects(stream)).map(({ version }) => version)).toEqual([1, 2, 3]);
      expect(await inbox.parked()).toEqual([]);
    });
  } finally {
    await there.end();
    await inbox.drop();
  }
});
