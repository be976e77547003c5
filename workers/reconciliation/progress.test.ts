import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { appendEvents, selectStream } from '../../lib/eventlog/store';
import { eventLogMigrations } from '../../lib/eventlog/migrations';
import { insertRelay } from '../../lib/eventlog/relay/lease-store';
import type { Consumer } from '../../lib/inbox/processing/consumer';
import { reaction, type Subscription } from '../../lib/inbox/subscription/subscription';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { eventually } from '../../tests/lib-support/eventually';
import {
  createInboxWorld,
  newStream,
  noteEvents,
  notes,
  queueName,
  writeEffect,
  type InboxWorld,
  type NoteTables,
} from '../../tests/lib-support/inbox';
import { compareProgress, type ProgressOptions } from './progress';

let log: TestDatabase<unknown>;
const db = () => log.database.kysely;

beforeAll(async () => {
  log = await createTestDatabase<unknown>(eventLogMigrations);
  await insertRelay(db(), noteEvents.name);
});
afterAll(() => log.drop());

interface At {
  world: InboxWorld;
  consumer: Consumer;
  /** Appends versions 1 to `count` of a new stream, each with its text; as the relay would see it, all are published. */
  write: (...texts: string[]) => Promise<string>;
  /** Publishes a version as it is in the log. */
  send: (stream: string, version: number) => Promise<void>;
  /** The streams reported as stalled. */
  told: (options?: Partial<ProgressOptions>) => Promise<{ about: string; detail: string; repair?: string }[]>;
}

/** A consumer beside a log, with the audit over both; it reads the log from where the test begins. */
async function withConsumer(subscription: Subscription, run: (at: At) => Promise<void>, delaysMs = [50]) {
  await sql`truncate events`.execute(db());
  const world = await createInboxWorld();
  try {
    const consumer = await world.consume(subscription, { retryDelaysMs: delaysMs });
    const inbox = world.test.database.kysely as never;
    const readers = [{ queue: queueName, subscription, inbox, log: db() }];
    await run({
      world,
      consumer,
      async write(...texts) {
        const stream = newStream();
        const events = texts.map((text) => ({
          type: 'note.taken',
          dataVersion: text === 'next' ? 9 : 1,
          data: { text },
        }));
        await appendEvents(db(), [{ stream, expectedVersion: 0, events }]);
        await moveCursor();
        return stream;
      },
      async send(stream, version) {
        const [event] = await selectStream(db(), stream, { afterVersion: version - 1, limit: 1 });
        if (event) await world.publish({ ...event, data: JSON.stringify(event.data) });
      },
      told: (options) => compareProgress({ readers, link: world.broker.consuming, delaysMs, behindMs: 0, ...options }),
    });
  } finally {
    await world.drop();
  }
}

/** As if the relay had published all there is. */
const moveCursor = () =>
  sql`update relays set (cursor_xid, cursor_position) =
    (select xid, position from events order by xid desc, position desc limit 1)`.execute(db());

const poisoned = () =>
  notes('poisoned', async (stream, version, text, trx) => {
    if (text === 'poison') throw new Error('poison');
    await writeEffect(stream, version, text, trx);
  });
const mail = () =>
  reaction<NoteTables>()({
    name: 'mail',
    from: noteEvents,
    on: { 'note.taken': ({ text }, trx, { stream, version }) => writeEffect(stream, version, text, trx) },
  });

test(
  'a stream whose message was removed is told with the command that repairs it, until the message came',
  () =>
    withConsumer(notes('gap'), async ({ world, write, send, told }) => {
      const stream = await write('1', '2', '3');
      await send(stream, 1);
      await send(stream, 3);
      await eventually(async () => expect(await world.parked()).toMatchObject([{ stream, version: 3 }]));
      const repair = `npm run sagaworks -- outbox replay notes --stream ${stream} --from 2 --queue ${queueName}`;
      expect(await told()).toMatchObject([{ kind: 'behind', about: stream, repair }]);
      // It may still come, or happened too long ago.
      expect(await told({ behindMs: 60_000 })).toEqual([]);
      expect(await told({ windowMs: 0 })).toEqual([]);
      await send(stream, 2);
      await eventually(async () => expect(await world.effects(stream)).toHaveLength(3));
      expect(await told()).toEqual([]);
    }),
  60_000,
);

test('a stream that waits for a dead letter, a delay, a deploy or the relay is not stalled', async () => {
  await withConsumer(poisoned(), async ({ world, write, send, told }) => {
    const [dead, newer] = [await write('poison', '2'), await write('next', '2')];
    for (const stream of [dead, newer]) for (const version of [1, 2]) await send(stream, version);
    await eventually(async () => expect(await world.parked()).toHaveLength(3));
    await eventually(async () => expect(await world.ready(`${queueName}-dead`)).toBe(1));
    expect(await told()).toEqual([]);
    await sql`update relays set cursor_xid = '0', cursor_position = 0`.execute(db());
    await world.deadLetters();
    expect(await told()).toEqual([]);
    await moveCursor();
    expect(await told()).toMatchObject([{ about: dead }]);
  });
  await withConsumer(
    poisoned(),
    async ({ world, write, send, told }) => {
      const stream = await write('poison');
      await send(stream, 1);
      await eventually(async () => expect(await world.ready('retry-after-600000ms')).toBe(1));
      expect(await told()).toEqual([]);
    },
    [600_000],
  );
}, 60_000);

test(
  'what waits in the queue of a stopped consumer is no standstill; once it is purged, it is',
  () =>
    withConsumer(notes('stopped'), async ({ world, consumer, write, send, told }) => {
      await consumer.stop();
      const stream = await write('1');
      await send(stream, 1);
      expect(await told()).toEqual([]);
      await world.broker.consuming.withChannel((channel) => channel.purgeQueue(queueName));
      expect(await told()).toMatchObject([{ about: stream }]);
    }),
  60_000,
);

test(
  'an event without a reaction’s mark is reported, but not one from before the reaction',
  () =>
    withConsumer(mail(), async ({ world, write, send, told }) => {
      const before = await write('0');
      expect(await told()).toEqual([]);
      const stream = await write('1', '2', '3');
      await send(stream, 1);
      await send(stream, 3);
      await eventually(async () => expect(await world.effects(stream)).toHaveLength(2));
      const found = await told();
      expect(found).toMatchObject([{ about: stream, repair: expect.stringContaining('--from 2') }]);
      expect(JSON.stringify(found)).not.toContain(before);
      await send(stream, 2);
      await eventually(async () => expect(await told()).toEqual([]));
    }),
  60_000,
);

test(
  'many stalled streams are one line, with one command for all of them',
  () =>
    withConsumer(notes('many'), async ({ write, told }) => {
      const first = await write('1');
      const { rows } = await sql<{ position: number }>`select min(position) as position from events`.execute(db());
      for (let count = 0; count < 20; count += 1) await write('1');
      const repair = `npm run sagaworks -- outbox replay notes --from ${rows[0]?.position} --queue ${queueName}`;
      expect(await told()).toMatchObject([{ about: queueName, detail: expect.stringContaining(first), repair }]);
    }),
  60_000,
);
