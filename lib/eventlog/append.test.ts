import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database';
import { newContext, withContext } from '../telemetry/context';
import { appendEvents } from './append';
import { eventLogMigrations } from './migrations';
import { readStream } from './read';
import type { EventLogTables } from './tables';

let log: TestDatabase<EventLogTables>;
const db = () => log.database.kysely;

beforeAll(async () => {
  log = await createTestDatabase<EventLogTables>(eventLogMigrations);
});
afterAll(() => log.drop());

const newStream = (): string => `order-${randomUUID()}`;
const event = (note: string) => ({ type: 'order.noted', dataVersion: 2, data: { note } });

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
  const events = await readStream(db(), stream);
  const metadata = { correlationId: 'c-1', causationId: 'e-0', actor: 'u-1', traceparent: context.traceparent };
  expect(events).toMatchObject([
    { stream, version: 1, type: 'order.noted', dataVersion: 2, data: { note: 'a' }, metadata, time },
    { stream, version: 2, data: { note: 'b' } },
    { stream, version: 3, data: { note: 'c' } },
  ]);
  expect(new Set(events.map(({ id }) => id)).size).toBe(3);
});

test('a stream can be read up to a version, or up to a time', async () => {
  const stream = newStream();
  const days = ['2026-01-01', '2026-01-02', '2026-01-03'].map((day) => new Date(day));
  for (const [index, day] of days.entries()) {
    await appendEvents(db(), [{ stream, expectedVersion: index, events: [event('x')] }], { now: day });
  }
  expect(await readStream(db(), stream, { toVersion: 2 })).toHaveLength(2);
  expect(await readStream(db(), stream, { until: new Date('2026-01-02T12:00:00Z') })).toHaveLength(2);
  expect(await readStream(db(), newStream())).toEqual([]);
});

test('an append to a stream that has moved on is refused, whole', async () => {
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
  expect(await readStream(db(), moved)).toHaveLength(1);
  expect(await readStream(db(), other)).toEqual([]);
});

test('of concurrent appends at one version exactly one succeeds', async () => {
  const stream = newStream();
  const append = (note: string) => appendEvents(db(), [{ stream, expectedVersion: 0, events: [event(note)] }]);
  const outcomes = await Promise.allSettled(['a', 'b', 'c', 'd'].map(append));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await readStream(db(), stream)).toHaveLength(1);
});
