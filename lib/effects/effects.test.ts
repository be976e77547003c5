import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { eventually } from '../../tests/lib-support/eventually';
import type { Queryable } from '../db/database';
import { applyEffect, findEffect, undoEffect } from './effects';
import { effectMigrations } from './migrations';
import type { EffectTables } from './tables';

let store: TestDatabase<EffectTables>;
const db = () => store.database.kysely;

beforeAll(async () => {
  store = await createTestDatabase<EffectTables>(effectMigrations);
  await sql`create table bookings (key text, amount int)`.execute(db());
});
afterAll(() => store.drop());

const newKey = (): string => `booking/${randomUUID()}/reserve`;
const book = (trx: Queryable, key: string, amount: number) =>
  sql`insert into bookings values (${key}, ${amount})`.execute(trx);
/** The sum of the effects of a key: 5 when done once, 0 when never done or undone. */
async function booked(key: string): Promise<number> {
  const { rows } = await sql<{ sum: number }>`
    select coalesce(sum(amount), 0)::int as sum from bookings where key = ${key}`.execute(db());
  return rows[0]?.sum ?? 0;
}
const apply = (key: string, request: unknown = { room: '17', nights: 5 }) =>
  applyEffect(db(), key, request, async (trx) => {
    await book(trx, key, 5);
    return { reservation: randomUUID() };
  });
const undo = (key: string) => undoEffect(db(), key, (trx) => book(trx, key, -5).then(() => 'undone'));

/** Creates an effect that waits in the middle of its transaction until it is released. */
function slowApply(key: string, end: 'succeeds' | 'fails' = 'succeeds') {
  let letGo = (): void => undefined;
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  let begun = (): void => undefined;
  const inside = new Promise<void>((resolve) => (begun = resolve));
  const result = applyEffect(db(), key, { room: '17', nights: 5 }, async (trx) => {
    await book(trx, key, 5);
    begun();
    await gate;
    if (end === 'fails') throw new Error('fully booked');
    return { reservation: 'slow' };
  });
  result.catch(() => undefined);
  return { result, inside, letGo };
}

/** Waits until PostgreSQL reports that as many sessions wait for another transaction. */
const waiting = (count: number) =>
  eventually(async () => {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from pg_stat_activity
      where datname = current_database() and wait_event = 'transactionid'`.execute(db());
    expect(rows[0]?.count).toBe(count);
  });

test('a repeated call gets the first result and does nothing', async () => {
  const key = newKey();
  const first = await apply(key);
  expect(await apply(key)).toEqual(first);
  expect(await booked(key)).toBe(5);
});

test('a request with its fields in another order is the same request', async () => {
  const key = newKey();
  await apply(key, { a: 1, b: { c: 2, d: [3] } });
  await apply(key, { b: { d: [3], c: 2 }, a: 1 });
  expect(await booked(key)).toBe(5);
});

test('the same key with another request is refused', async () => {
  const key = newKey();
  await apply(key, { nights: 5 });
  await expect(apply(key, { nights: 6 })).rejects.toMatchObject({ code: 'effect-key-reused' });
  expect(await booked(key)).toBe(5);
});

test('an effect without a result returns none at a repeated call either', async () => {
  const key = newKey();
  const nothing = () => applyEffect(db(), key, {}, () => Promise.resolve(undefined));
  await expect(nothing()).resolves.toBeUndefined();
  await expect(nothing()).resolves.toBeUndefined();
});

test('a refusal rolls everything back and leaves the key free', async () => {
  const key = newKey();
  const refused = applyEffect(db(), key, {}, async (trx) => {
    await book(trx, key, 5);
    throw new Error('fully booked');
  });
  await expect(refused).rejects.toThrow('fully booked');
  expect(await booked(key)).toBe(0);
  expect(await findEffect(db(), key)).toBeUndefined();
  await apply(key);
  expect(await booked(key)).toBe(5);
});

test('a concurrent call waits for the first and gets its result', async () => {
  const key = newKey();
  const slow = slowApply(key);
  await slow.inside;
  const second = apply(key);
  await waiting(1);
  slow.letGo();
  expect(await second).toEqual({ reservation: 'slow' });
  expect(await booked(key)).toBe(5);
});

test('a concurrent call takes over when the first one fails', async () => {
  const key = newKey();
  const slow = slowApply(key, 'fails');
  await slow.inside;
  const second = apply(key);
  await waiting(1);
  slow.letGo();
  await expect(slow.result).rejects.toThrow('fully booked');
  await second;
  expect(await booked(key)).toBe(5);
});

test('only one of many concurrent calls acts, and all get the same result', async () => {
  const key = newKey();
  const results = await Promise.all(Array.from({ length: 20 }, () => apply(key)));
  expect(new Set(results.map(({ reservation }) => reservation)).size).toBe(1);
  expect(await booked(key)).toBe(5);
});

test('an undo gets the result, acts once, and fences the step', async () => {
  const key = newKey();
  const result = await apply(key);
  const undone: unknown[] = [];
  const undoOnce = () =>
    undoEffect(db(), key, async (trx, of: { reservation: string }) => {
      undone.push(of);
      await book(trx, key, -5);
      return 'undone';
    });
  expect(await undoOnce()).toBe('undone');
  expect(await undoOnce()).toBe('undone');
  expect(undone).toEqual([result]);
  expect(await booked(key)).toBe(0);
  await expect(apply(key)).rejects.toMatchObject({ code: 'step-fenced' });
  expect(await findEffect(db(), key)).toEqual({ state: 'undone' });
});

test('an undo that comes first leaves a tombstone, and the late step is refused', async () => {
  const key = newKey();
  expect(await undo(key)).toBe('nothing-to-undo');
  await expect(apply(key)).rejects.toMatchObject({ code: 'step-fenced' });
  expect(await undo(key)).toBe('nothing-to-undo');
  expect(await booked(key)).toBe(0);
});

test('an undo waits for the step that is under way, then undoes it', async () => {
  const key = newKey();
  const slow = slowApply(key);
  await slow.inside;
  const undoing = undo(key);
  await waiting(1);
  slow.letGo();
  await undoing;
  expect(await booked(key)).toBe(0);
  await expect(apply(key)).rejects.toMatchObject({ code: 'step-fenced' });
});

test('an undo that waits for a step which fails leaves a tombstone', async () => {
  const key = newKey();
  const slow = slowApply(key, 'fails');
  await slow.inside;
  const undoing = undo(key);
  await waiting(1);
  slow.letGo();
  await undoing;
  expect(await booked(key)).toBe(0);
  await expect(apply(key)).rejects.toMatchObject({ code: 'step-fenced' });
});

test('a failed undo leaves the effect done, so that it can be retried', async () => {
  const key = newKey();
  await apply(key);
  const failing = undoEffect(db(), key, async (trx) => {
    await book(trx, key, -5);
    throw new Error('carrier is down');
  });
  await expect(failing).rejects.toThrow('carrier is down');
  expect(await booked(key)).toBe(5);
  expect(await findEffect(db(), key)).toMatchObject({ state: 'done' });
  await undo(key);
  expect(await booked(key)).toBe(0);
});

test('steps and undos in any race end undone exactly once or not done at all', async () => {
  for (let round = 0; round < 20; round += 1) {
    const key = newKey();
    await Promise.allSettled([apply(key), undo(key), apply(key), undo(key)]);
    expect(await booked(key)).toBe(0);
    expect(await findEffect(db(), key)).toEqual({ state: 'undone' });
  }
});
