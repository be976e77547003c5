import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { newContext, withContext } from '../telemetry/context';
import { appendEvents, selectStream } from './store';
import { eventLogMigrations } from './migrations';
import type { EventLogTables } from './tables';

let log: TestDatabase<EventLogTables>;
const db = () => log.database.kysely;

beforeAll(async () => {
  log = await createTestDatabase<EventLogTables>(eventLogMigrations);
});
afterAll(() => log.drop());

const newStream = (): string => `note-${randomUUID()}`;
const event = (note: string) => ({ type: 'note.written', dataVersion: 2, data: { note } });

test('events are read as they were appended, in the order of their versions', async () => {
  const stream = newStream();
  const time = new Date('2026-01-02T03:04:05.678Z');
  const context = newContext({ correlationId: 'c-1', causationId: 'e-0', actor: 'u-1' });
  await withContext(context, () =>
    appendEvents(db(), [{ stream, expectedVersion: 0, events: [event('a'), event('b')] }], { now: time }),
  );
  await withContext(context, () =>
    appendEvents(db(), [{ stream, expectedVersion: 2, events: [event('c')] }], { now: time }),
  );
  const events = await selectStream(db(), stream);
  const metadata = { correlationId: 'c-1', causationId: 'e-0', actor: 'u-1', traceparent: context.traceparent };
  expect(events).toMatchObject([
    { stream, version: 1, type: 'note.written', dataVersion: 2, data: { note: 'a' }, metadata, time },
    { stream, version: 2, data: { note: 'b' } },
    { stream, version: 3, data: { note: 'c' } },
  ]);
  expect(new Set(events.map(({ id }) => id)).size).toBe(3);
});

test('the lowest readable version is stored with an event', async () => {
  const stream = newStream();
  const events = [{ ...event('a'), compatibleVersion: 1 }, event('b')];
  await appendEvents(db(), [{ stream, expectedVersion: 0, events }]);
  const kept = (await selectStream(db(), stream)).map(({ metadata }) => metadata.compatibleVersion);
  expect(kept).toEqual([1, undefined]);
});

test('a stream can be read up to a version, or up to a time', async () => {
  const stream = newStream();
  const days = ['2026-01-01', '2026-01-02', '2026-01-03'].map((day) => new Date(day));
  for (const [index, day] of days.entries()) {
    await appendEvents(db(), [{ stream, expectedVersion: index, events: [event('x')] }], { now: day });
  }
  expect(await selectStream(db(), stream, { toVersion: 2 })).toHaveLength(2);
  expect(await selectStream(db(), stream, { until: new Date('2026-01-02T12:00:00Z') })).toHaveLength(2);
  expect(await selectStream(db(), newStream())).toEqual([]);
});

test('no event is earlier than the one before it, whatever the clock of its writer says', async () => {
  const stream = newStream();
  const [late, early] = [new Date('2026-01-02T12:00:00Z'), new Date('2026-01-02T11:00:00Z')];
  await appendEvents(db(), [{ stream, expectedVersion: 0, events: [event('a')] }], { now: late });
  await appendEvents(db(), [{ stream, expectedVersion: 1, events: [event('b'), event('c')] }], { now: early });
  expect((await selectStream(db(), stream)).map(({ time }) => time)).toEqual([late, late, late]);
});

test('the stream as of a time is a prefix of the stream, even where times go back', async () => {
  const stream = newStream();
  const at = (hour: number) => new Date(Date.UTC(2026, 0, 2, hour));
  for (const version of [1, 2, 3])
    await appendEvents(db(), [{ stream, expectedVersion: version - 1, events: [event('x')] }], { now: at(1) });
  await sql`update events set time = ${at(3)} where stream = ${stream} and version = 2`.execute(db());
  const until = async (hour: number) => (await selectStream(db(), stream, { until: at(hour) })).map((e) => e.version);
  expect([await until(0), await until(2), await until(3)]).toEqual([[], [1], [1, 2, 3]]);
});

test('an append to a stream that has moved on is refused as a whole', async () => {
  const [moved, other] = [newStream(), newStream()];
  await appendEvents(db(), [{ stream: moved, expectedVersion: 0, events: [event('first')] }]);
  const late = db()
    .transaction()
    .execute((trx) =>
      appendEvents(trx, [
        { stream: other, expectedVersion: 0, events: [event('x')] },
        { stream: moved, expectedVersion: 0, events: [event('late')] },
      ]),
    );
  await expect(late).rejects.toMatchObject({ code: 'version-conflict' });
  expect(await selectStream(db(), moved)).toHaveLength(1);
  expect(await selectStream(db(), other)).toEqual([]);
});

test('of concurrent appends at one version exactly one succeeds', async () => {
  const stream = newStream();
  const append = (note: string) => appendEvents(db(), [{ stream, expectedVersion: 0, events: [event(note)] }]);
  const outcomes = await Promise.allSettled(['a', 'b', 'c', 'd'].map(append));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await selectStream(db(), stream)).toHaveLength(1);
});
