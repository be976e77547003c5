import { expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import {
  createInboxWorld,
  newStream,
  noteEvents,
  notes,
  queueName,
  writeEffect,
  type InboxWorld,
  type NoteTables,
} from '../../../tests/lib-support/inbox';
import { eventually } from '../../../tests/lib-support/eventually';
import { reaction, type Subscription } from '../../inbox/subscription/subscription';
import { saveStreams, lockStreams } from '../../inbox/store';
import { newContext, withContext } from '../../telemetry/context';
import { createOperations, type Operations } from '../operations';

interface At {
  world: InboxWorld;
  operations: Operations;
  stream: string;
  subscription: Subscription;
}
type Handler = typeof writeEffect;

const handle: Handler = async (stream, version, text, db) => {
  if (text === 'poison') throw new Error('poison');
  await writeEffect(stream, version, text, db);
};
const mail = () =>
  reaction<NoteTables>()({
    name: 'mail',
    from: noteEvents,
    on: { 'note.taken': ({ text }, db, { stream, version }) => handle(stream, version, text, db) },
  });

/** A consumer, the operations over it, and a stream. */
const at = (subscription: () => Subscription, run: (at: At) => Promise<void>) => async (): Promise<void> => {
  const world = await createInboxWorld();
  try {
    const one = subscription();
    await world.consume(one, { retryDelaysMs: [10] });
    const db = world.test.database.kysely as never;
    const operations = createOperations({
      link: world.broker.consuming,
      publisher: world.publisher,
      readers: [{ service: 'notes', queue: queueName, subscription: one, users: [world.broker.user], db }],
      logs: [],
      consumers: new Map(),
    });
    await run({ world, operations, stream: newStream(), subscription: one });
  } finally {
    await world.drop();
  }
};

/** Sessions of the database that wait for a lock. */
async function waitingForLocks({ test: { database } }: InboxWorld): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(database.kysely);
  return rows[0]?.count ?? 0;
}

const has = (outcome: unknown, field: string): boolean =>
  typeof outcome === 'object' && outcome !== null && field in outcome;

/** Publishes an event as version `version`; `next` is of a version of the data that this code does not know. */
const take = async ({ world, stream }: At, version: number, text = `${version}`): Promise<string> => {
  const id = randomUUID();
  const data = text === 'next' ? { dataVersion: 9, data: '{"words":[]}' } : { data: JSON.stringify({ text }) };
  await world.publish({ id, stream, version, ...data });
  return id;
};
const waits = ({ world, stream }: At, expected: [version: number, reason: string][]) =>
  eventually(async () =>
    expect(await world.parked()).toEqual(expected.map(([version, reason]) => ({ stream, version, reason }))),
  );
const applied = ({ world, stream }: At, versions: number[]) =>
  eventually(async () => expect((await world.effects(stream)).map(({ version }) => version)).toEqual(versions));
const discard = (here: At, id: string) =>
  withContext(newContext({ actor: 'olga' }), () =>
    here.operations.discardParked(queueName, here.stream, id, 'sent by mistake'),
  );

test(
  'a projection’s event of an unknown version: released it is parked again, discarded its successors are applied',
  at(notes, async (here) => {
    await take(here, 1);
    const id = await take(here, 2, 'next');
    const third = await take(here, 3);
    await take(here, 4);
    await waits(here, [
      [2, 'unknown-event-version'],
      [3, 'early'],
      [4, 'early'],
    ]);
    expect(await here.operations.release(queueName, here.stream)).toBe(0);
    await eventually(async () =>
      expect(await here.world.counted('messaging_client_consumed_messages_total', { outcome: 'parked' })).toBe(4),
    );
    await applied(here, [1]);

    await expect(discard(here, third)).rejects.toMatchObject({ code: 'conflict' });
    await expect(here.operations.release(queueName, here.stream, third)).rejects.toMatchObject({ code: 'conflict' });
    await expect(discard(here, randomUUID())).rejects.toMatchObject({ code: 'not-found' });
    const both = await Promise.allSettled([discard(here, id), discard(here, id)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await applied(here, [1, 3, 4]);
    await waits(here, []);
    // Delivered again, it is dropped.
    await here.world.publish({ id, stream: here.stream, version: 2, data: '{"text":"late"}' });
    await take(here, 5);
    await applied(here, [1, 3, 4, 5]);
    const entries = await here.operations.audit(10);
    const done = entries.find(({ action, outcome }) => action === 'parked discard' && has(outcome, 'skipped'));
    expect(done).toMatchObject({
      actor: 'olga',
      action: 'parked discard',
      request: { id, reason: 'sent by mistake' },
      outcome: { type: 'note.taken', version: 2, dataVersion: 9, reason: 'unknown-event-version' },
    });
  }),
  60_000,
);

test(
  'a projection’s early event: released or discarded, the stream continues without the missing versions',
  at(notes, async (here) => {
    await take(here, 2);
    await waits(here, [[2, 'early']]);
    expect(await here.operations.release(queueName, here.stream)).toBe(1);
    await applied(here, [2]);
    const id = await take(here, 5);
    await take(here, 6);
    await waits(here, [
      [5, 'early'],
      [6, 'early'],
    ]);
    expect(await discard(here, id)).toBe(2);
    await applied(here, [2, 6]);
    await waits(here, []);
  }),
  60_000,
);

test(
  'a discard waits for a consumer that works on the stream; an event that was applied meanwhile is not found',
  at(notes, async (here) => {
    const { name } = here.subscription;
    const id = await take(here, 2);
    await waits(here, [[2, 'early']]);
    const db = here.world.test.database.kysely;
    let discarded: Promise<unknown> | undefined;
    // As a consumer does that applies the first version and finds the second one due.
    await db.transaction().execute(async (trx) => {
      await lockStreams(trx, name, [here.stream], 10_000);
      discarded = discard(here, id).catch((error: unknown) => error);
      await eventually(async () => expect(await waitingForLocks(here.world)).toBe(1));
      await saveStreams(trx, name, [{ stream: here.stream, version: 2 }]);
    });
    expect(await discarded).toMatchObject({ code: 'not-found' });
    await take(here, 3);
    await applied(here, [3]);
  }),
  60_000,
);

test(
  'a reaction’s event of an unknown version: released it is parked again, discarded it is never applied',
  at(mail, async (here) => {
    const first = await take(here, 1, 'next');
    const second = await take(here, 2, 'next');
    const both: [number, string][] = [
      [1, 'unknown-event-version'],
      [2, 'unknown-event-version'],
    ];
    await waits(here, both);
    expect(await here.operations.release(queueName, here.stream, second)).toBe(0);
    await eventually(async () =>
      expect(await here.world.counted('messaging_client_consumed_messages_total', { outcome: 'parked' })).toBe(3),
    );
    await waits(here, both);
    expect(await discard(here, second)).toBe(0);
    await expect(discard(here, second)).rejects.toMatchObject({ code: 'not-found' });
    await discard(here, first);
    await waits(here, []);
    await here.world.publish({ id: first, stream: here.stream, version: 1, data: '{"text":"late"}' });
    await take(here, 3);
    await applied(here, [3]);
  }),
  60_000,
);

test(
  'a reaction’s event behind a failed one: released it is applied, discarded the ones after it still wait',
  at(mail, async (here) => {
    await take(here, 1, 'poison');
    await eventually(async () => expect(await here.operations.deadLetters({})).toHaveLength(1));
    const second = await take(here, 2);
    await take(here, 3);
    const behind = 'behind-a-failure';
    await waits(here, [
      [2, behind],
      [3, behind],
    ]);
    await discard(here, second);
    await waits(here, [[3, behind]]);
    await here.operations.release(queueName, here.stream);
    await applied(here, [3]);
    await waits(here, []);
  }),
  60_000,
);
