import { expect, test } from '@jest/globals';
import { sql, type Transaction } from 'kysely';
import { deadLetterQueue, delayExchange } from '../../broker/topology/topology';
import { eventually } from '../../../tests/lib-support/eventually';
import {
  inWorld,
  newStream,
  noteEvents,
  queueName,
  writeEffect,
  type InboxWorld,
  type NoteTables,
} from '../../../tests/lib-support/inbox';
import { ordered, externalReaction, reaction, type Handlers, type Subscription } from '../subscription/subscription';

const email = 'ada@example.com';
const poison = `poison of ${email}`;
const saying = (text: string): { data: string } => ({ data: JSON.stringify({ text }) });
const erased = { type: 'note.erased', data: '{}' };

/** Fails on poison, stores what a note says, and deletes it when it is erased. */
const on: Handlers<typeof noteEvents, Transaction<NoteTables>> = {
  'note.taken': async ({ text }, db, { stream, version }) => {
    if (text === poison) throw new Error(`${text} is broken`);
    await writeEffect(stream, version, text, db);
  },
  'note.erased': async (_, db, { stream }) => {
    await sql`delete from effects where stream = ${stream}`.execute(db);
  },
};

const declared = { name: 'copies', from: noteEvents, on };
const kinds: [string, () => Subscription][] = [
  ['projection', () => ordered<NoteTables>()({ ...declared, version: 1 })],
  ['reaction', () => reaction<NoteTables>()(declared)],
  ['external reaction', () => externalReaction<NoteTables>()(declared as never)],
];

/** In which tables of the database the e-mail address stands. */
async function tablesWithIt({ test: { database } }: InboxWorld): Promise<string[]> {
  const db = database.kysely;
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = 'public'`.execute(db);
  const found = rows.map(async ({ name }) => {
    const matching = sql`select from ${sql.table(name)} t where t::text like ${`%${email}%`} limit 1`;
    return (await matching.execute(db)).rows.length > 0 ? [name] : [];
  });
  return (await Promise.all(found)).flat();
}

/** How many messages wait, dead or alive. */
const messages = async (world: InboxWorld, ...queues: string[]): Promise<number[]> =>
  Promise.all([queueName, deadLetterQueue(queueName), ...queues].map((queue) => world.ready(queue)));

test.each(kinds)(
  '%s: an erasure overtakes what is dead and what waits behind it, and nothing is left of either',
  (_, make) =>
    inWorld(async (world) => {
      await world.consume(make(), { retryDelaysMs: [10] });
      const [stream, other] = [newStream(), newStream()];
      await world.publish({ stream, version: 1, ...saying(email) });
      await world.publish({ stream: other, version: 1, ...saying(poison.replace(email, 'bob')) });
      await world.publish({ stream, version: 2, ...saying(poison) });
      await eventually(async () => expect(await messages(world)).toEqual([0, 1]));
      for (const version of [3, 4]) await world.publish({ stream, version, ...saying(`${email} ${version}`) });
      await eventually(async () => expect(await world.parked()).toHaveLength(2));
      expect((await tablesWithIt(world)).sort()).toEqual(['effects', 'inbox_parked']);

      await world.publish({ stream, version: 5, ...erased });
      await eventually(async () => expect(await tablesWithIt(world)).toEqual([]));
      await eventually(async () => expect(await messages(world)).toEqual([0, 0]));
      expect(await world.parked()).toEqual([]);
      expect(await world.effects(other)).toHaveLength(1);

      // Earlier events, redelivered or late, are dropped; later ones are applied.
      await world.publish({ stream, version: 3, ...saying(`${email} 3`) });
      await world.publish({ stream, version: 6, ...saying('new') });
      await eventually(async () => expect(await world.effects(stream)).toMatchObject([{ version: 6, text: 'new' }]));
      expect(await tablesWithIt(world)).toEqual([]);
    })(),
);

test.each(kinds)('%s: what comes back from a delay after the erasure is dropped', (_, make) =>
  inWorld(async (world) => {
    await world.consume(make(), { retryDelaysMs: [1_000] });
    const stream = newStream();
    await world.publish({ stream, version: 1, ...saying(poison) });
    await eventually(async () => expect(await world.ready(delayExchange(1_000))).toBe(1));
    await world.publish({ stream, version: 2, ...erased });
    await eventually(async () => expect(await messages(world, delayExchange(1_000))).toEqual([0, 0, 0]));
    await eventually(async () =>
      expect(await world.counted('messaging_client_consumed_messages_total', { outcome: 'duplicate' })).toBe(1),
    );
    expect(await tablesWithIt(world)).toEqual([]);
    expect(await messages(world)).toEqual([0, 0]);
  })(),
);

test(
  'a dead letter that was held elsewhere is discarded when the consumer starts again',
  inWorld(async (world) => {
    const first = await world.consume(ordered<NoteTables>()({ ...declared, version: 1 }), { retryDelaysMs: [10] });
    const [stream, dead] = [newStream(), deadLetterQueue(queueName)];
    await world.publish({ stream, version: 1, ...saying(poison) });
    await eventually(async () => expect(await world.ready(dead)).toBe(1));
    await world.broker.consuming.withChannel(async (channel) => {
      await channel.get(dead);
      await world.publish({ stream, version: 2, ...erased });
      await eventually(async () =>
        expect(await world.counted('messaging_client_consumed_messages_total', { outcome: 'applied' })).toBe(1),
      );
    });
    await eventually(async () => expect(await world.ready(dead)).toBe(1));
    await first.stop();
    await world.consume(ordered<NoteTables>()({ ...declared, version: 1 }));
    await eventually(async () => expect(await world.ready(dead)).toBe(0));
  }),
);
