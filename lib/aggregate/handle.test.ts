import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { sql, type Kysely } from 'kysely';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { inOneStatement, rowInsert, type Write } from '../db/writes';
import { platformError } from '../errors/errors';
import { appendEvents, selectStream } from '../eventlog/store';
import { eventLogMigrations } from '../eventlog/migrations';
import type { EventLogTables } from '../eventlog/tables';
import { defineEvent, type EventOf } from '../events/define';
import { defineAggregate, newAggregate } from './aggregate';
import { createHandler, type Change } from './handle';
import { folded, foldStream, locked, unlocked } from './loading';
import { scenariosOf } from './testing';

const started = defineEvent('counter.started', {
  stream: 'counter',
  versions: [
    { schema: z.strictObject({ from: z.int() }) },
    { schema: z.strictObject({ at: z.int() }), upcast: ({ from }: { from: number }) => ({ at: from }) },
  ],
  example: { at: 0 },
});
const added = defineEvent('counter.added', {
  stream: 'counter',
  versions: [{ schema: z.strictObject({ by: z.int() }) }],
  example: { by: 1 },
});
type CounterEvent = EventOf<typeof started | typeof added>;
type Command = { type: 'start' } | { type: 'add'; by: number };

interface Counter {
  value: number;
}

/** Counts to ten. */
const counter = defineAggregate({
  stream: 'counter',
  events: [started, added],
  decide: (command: Command, count: Counter | undefined): CounterEvent[] => {
    if (command.type === 'start') return count ? [] : [started({ at: 0 })];
    if (!count) throw platformError('not-found', 'Start it first');
    if (count.value + command.by > 10) throw platformError('conflict', 'It counts to ten');
    return [added({ by: command.by })];
  },
  evolve: (count, event) =>
    event.type === 'counter.started' ? { value: event.data.at } : { value: (count?.value ?? 0) + event.data.by },
});

interface Tables extends EventLogTables {
  counters: { id: string; value: number; version: number };
}

let log: TestDatabase<Tables>;
const db = () => log.database.kysely;

beforeAll(async () => {
  log = await createTestDatabase<Tables>(eventLogMigrations);
  await sql`create table counters (id text primary key, value int not null, version int not null)`.execute(db());
  await sql`create table notes (text text primary key)`.execute(db());
});
afterAll(() => log.drop());

const rows = (changes: readonly Change<Command, Counter, CounterEvent>[]): Write[] =>
  changes.map(({ id, before, after }) => {
    const { value } = after.state ?? { value: 0 };
    const row = { id, value, version: after.version };
    if (!before.state) return rowInsert('counters', row);
    return sql`update counters set value = ${value}, version = ${after.version} where id = ${id}`;
  });

const select = (trx: Kysely<Tables>, ids: readonly string[]) =>
  trx.selectFrom('counters').selectAll().where('id', 'in', ids).orderBy('id');
const storedOf = (found: { id: string; value: number; version: number }[]) =>
  found.map(({ id, value, version }) => ({ id, version, state: { value } }));

const optimistic = createHandler(counter, { loading: folded(), rows });
const pessimistic = createHandler(counter, {
  loading: locked(async (trx: Kysely<Tables>, ids) => storedOf(await select(trx, ids).forUpdate().execute())),
  rows,
});
const refusing = createHandler(counter, {
  loading: unlocked(async (on: Kysely<Tables>, ids) => storedOf(await select(on, ids).execute())),
  rows,
});

async function startedCounter(): Promise<string> {
  const id = randomUUID();
  await optimistic.handle(db(), id, { type: 'start' }, { from: newAggregate });
  return id;
}
const add = (by = 1): Command => ({ type: 'add', by });
const rowOf = (id: string) => db().selectFrom('counters').selectAll().where('id', '=', id).executeTakeFirst();
const versions = async (id: string) => (await selectStream(db(), `counter-${id}`)).map(({ version }) => version);

test.each([
  ['folded', optimistic],
  ['locked', pessimistic],
])('%s: five commands at once all count, and the row matches the events', async (_, counters) => {
  const id = await startedCounter();
  await Promise.all(Array.from({ length: 5 }, () => counters.handle(db(), id, add())));
  expect(await versions(id)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(await rowOf(id)).toEqual({ id, value: 5, version: 6 });
  expect(await foldStream(counter, db(), id)).toMatchObject({ state: { value: 5 }, version: 6 });
});

test('unlocked: a command is refused when another one came first', async () => {
  const id = await startedCounter();
  const [read] = (await refusing.load(db(), [id])).values();
  await refusing.handle(db(), id, add(), read ? { from: read } : {});
  await expect(refusing.handle(db(), id, add(), read ? { from: read } : {})).rejects.toMatchObject({
    code: 'version-conflict',
  });
  expect(await rowOf(id)).toMatchObject({ value: 1 });
});

test('a refused command writes nothing, and is decided once', async () => {
  const id = await startedCounter();
  await expect(optimistic.handle(db(), id, add(11))).rejects.toMatchObject({ code: 'conflict' });
  await expect(pessimistic.handle(db(), randomUUID(), add())).rejects.toMatchObject({ code: 'not-found' });
  expect(await versions(id)).toEqual([1]);
});

test('other writes are written with the events or not at all, and also when there are no events', async () => {
  const id = await startedCounter();
  const note = { writes: [sql`insert into notes values (${id})`] };
  await optimistic.handle(db(), id, { type: 'start' }, note);
  await expect(optimistic.handle(db(), id, add(), note)).rejects.toMatchObject({ code: '23505' });
  expect(await rowOf(id)).toMatchObject({ value: 0, version: 1 });
});

test('commands to several aggregates are one change: all or none', async () => {
  const ids = [await startedCounter(), await startedCounter()];
  const all = (by: number) => ids.map((id, index) => ({ id, command: add(index === 0 ? 1 : by) }));
  await expect(pessimistic.handleAll(db(), all(11))).rejects.toMatchObject({ code: 'conflict' });
  const after = await pessimistic.handleAll(db(), all(2));
  expect(after.map(({ state }) => state?.value)).toEqual([1, 2]);
});

test('a command on a known state needs no transaction: it is one statement', async () => {
  const begin = jest.spyOn(db(), 'transaction');
  const id = randomUUID();
  await pessimistic.handle(db(), id, { type: 'start' }, { from: newAggregate });
  expect(begin).not.toHaveBeenCalled();
  await pessimistic.handle(db(), id, add());
  expect(begin).toHaveBeenCalledTimes(1);
  begin.mockRestore();
  expect(await rowOf(id)).toMatchObject({ value: 1, version: 2 });
});

test('no event gets a time before that of the event before it', async () => {
  const id = randomUUID();
  const [late, early] = [new Date('2026-01-02'), new Date('2026-01-01')];
  await optimistic.handle(db(), id, { type: 'start' }, { now: late });
  expect(await optimistic.handle(db(), id, add(), { now: early })).toMatchObject({ time: late, version: 2 });
});

test('stored events of old versions are upcast before they are folded', async () => {
  const id = randomUUID();
  const old = { type: 'counter.started', dataVersion: 1, data: { from: 7 } };
  await appendEvents(db(), [{ stream: counter.streamOf(id), expectedVersion: 0, events: [old] }]);
  expect((await foldStream(counter, db(), id)).state).toEqual({ value: 7 });
  await inOneStatement(db(), [rowInsert('counters', { id, value: 7, version: 1 })]);
  await expect(optimistic.handle(db(), id, add(4))).rejects.toMatchObject({ code: 'conflict' });
});

test('an aggregate takes only events of its own streams', () => {
  const declared = { events: [added], decide: () => [], evolve: () => undefined };
  expect(() => defineAggregate({ stream: 'other', ...declared })).toThrow('counter.added belongs to');
  expect(() =>
    counter.upcast({ type: 'other.added', dataVersion: 1, data: {}, metadata: { correlationId: 'c' } }),
  ).toThrow('not one of its events');
});

const given = scenariosOf(counter);

test('a scenario fails when the outcome differs from what is expected', () => {
  given(started({ at: 8 }))
    .when(add(), add())
    .then(added({ by: 1 }), added({ by: 1 }));
  given(started({ at: 8 }))
    .when(add(3))
    .thenRefused('conflict', { message: 'It counts to ten' });
  expect(() =>
    given(started({ at: 8 }))
      .when(add(1))
      .then(),
  ).toThrow();
  expect(() =>
    given(started({ at: 8 }))
      .when(add(3))
      .then(),
  ).toThrow('It counts to ten');
  expect(() =>
    given(started({ at: 8 }))
      .when(add(1))
      .thenRefused('conflict'),
  ).toThrow('it was accepted');
  expect(() =>
    given(started({ at: 8 }))
      .when(add(3))
      .thenRefused('not-found'),
  ).toThrow();
});

test('a command in a transaction is refused when another one came first, not retried in the aborted transaction', async () => {
  const id = randomUUID();
  await optimistic.handle(db(), id, { type: 'start' });
  const loading = folded<Counter, CounterEvent>();
  const slow = createHandler(counter, {
    rows,
    loading: {
      ...loading,
      load: async (...args) => {
        const loaded = await loading.load(...args);
        await optimistic.handle(db(), id, add());
        return loaded;
      },
    },
  });
  const overtaken = db()
    .transaction()
    .execute((trx) => slow.handle(trx, id, add()));
  await expect(overtaken).rejects.toMatchObject({ code: 'version-conflict' });
});

test('two commands for one aggregate in one call are a mistake of the caller', async () => {
  const id = randomUUID();
  const commands = [
    { id, command: { type: 'start' as const } },
    { id, command: add() },
  ];
  await expect(optimistic.handleAll(db(), commands)).rejects.toThrow(`Two commands for ${id} in one call`);
});
