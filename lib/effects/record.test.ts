import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { inOneStatement, type Write } from '../db/writes';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { applyExternalEffect, recordEffect, undoEffect } from './effects';
import { effectMigrations } from './migrations';
import type { EffectTables } from './tables';

let store: TestDatabase<EffectTables>;
const db = () => store.database.kysely;

beforeAll(async () => {
  store = await createTestDatabase<EffectTables>(effectMigrations);
  await sql`create table holds (key text primary key)`.execute(db());
});
afterAll(() => store.drop());

const newKey = (): string => `booking/${randomUUID()}/charge`;
const hold = (key: string): Write => sql`insert into holds values (${key})`;
const record =
  (...writes: Write[]) =>
  (effect: Write) =>
    inOneStatement(db(), [effect, ...writes]);
const release = (key: string) =>
  undoEffect(db(), key, async (trx) => {
    await sql`delete from holds where key = ${key}`.execute(trx);
    return 'undone';
  });
async function isHeld(key: string): Promise<boolean> {
  const { rows } = await sql`select from holds where key = ${key}`.execute(db());
  return rows.length > 0;
}

test('of concurrent calls one is recorded with its writes, and all get its result', async () => {
  const key = newKey();
  const calls = Array.from({ length: 10 }, (_, call) => recordEffect(db(), key, { a: 1 }, { call }, record(hold(key))));
  const results = await Promise.all(calls);
  expect(new Set(results.map(({ call }) => call)).size).toBe(1);
  expect(await isHeld(key)).toBe(true);
});

test('another request under the same key is refused, and so is a step that was undone', async () => {
  const [used, undone] = [newKey(), newKey()];
  await recordEffect(db(), used, { a: 1 }, 'yes', record(hold(used)));
  await expect(recordEffect(db(), used, { a: 2 }, 'yes', record())).rejects.toMatchObject({
    code: 'effect-key-reused',
  });
  await release(undone);
  const late = recordEffect(db(), undone, { a: 1 }, 'yes', record(hold(undone)));
  await expect(late).rejects.toMatchObject({ code: 'step-fenced' });
  expect(await isHeld(undone)).toBe(false);
});

test('a write that fails records nothing, and its error is thrown', async () => {
  const key = newKey();
  await expect(recordEffect(db(), key, {}, 'yes', record(sql`insert into holds values (null)`))).rejects.toThrow(
    'null value',
  );
  await recordEffect(db(), key, {}, 'yes', record(hold(key)));
  expect(await isHeld(key)).toBe(true);
});

test('an effect that was undone while the third party acted is compensated there', async () => {
  const key = newKey();
  const atThirdParty = new Set<string>();
  const call = applyExternalEffect(
    db(),
    key,
    {},
    {
      execute: async () => {
        atThirdParty.add(key);
        await release(key);
        return 'held';
      },
      record: (_, effect) => record(hold(key))(effect),
      compensate: () => {
        atThirdParty.clear();
        return Promise.resolve();
      },
    },
  );
  await expect(call).rejects.toMatchObject({ code: 'step-fenced' });
  expect(atThirdParty.size).toBe(0);
  expect(await isHeld(key)).toBe(false);
});

test('a third party is not called again for an effect that is recorded', async () => {
  const key = newKey();
  let calls = 0;
  const call = () =>
    applyExternalEffect(
      db(),
      key,
      {},
      {
        execute: () => Promise.resolve((calls += 1)),
        record: (_, effect) => record(hold(key))(effect),
        compensate: () => Promise.resolve(),
      },
    );
  expect([await call(), await call(), calls]).toEqual([1, 1, 1]);
});
