import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { inOneStatement, type Write } from '../db/writes';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { undoEffect } from './effects';
import { keepEffect } from './keep';
import { effectMigrations } from './migrations';
import { applyOutsideEffect } from './outside-effect';
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
const keep =
  (...writes: Write[]) =>
  (effect: Write) =>
    inOneStatement(db(), [effect, ...writes]);
const release = (key: string) =>
  undoEffect(db(), key, async (trx) => {
    await sql`delete from holds where key = ${key}`.execute(trx);
  });
async function isHeld(key: string): Promise<boolean> {
  const { rows } = await sql`select from holds where key = ${key}`.execute(db());
  return rows.length > 0;
}

test('of concurrent calls one is kept with its writes, and all get its result', async () => {
  const key = newKey();
  const calls = Array.from({ length: 10 }, (_, call) => keepEffect(db(), key, { a: 1 }, { call }, keep(hold(key))));
  const results = await Promise.all(calls);
  expect(new Set(results.map(({ call }) => call)).size).toBe(1);
  expect(await isHeld(key)).toBe(true);
});

test('another request under the same key is refused, and so is a step that was undone', async () => {
  const [used, undone] = [newKey(), newKey()];
  await keepEffect(db(), used, { a: 1 }, 'yes', keep(hold(used)));
  await expect(keepEffect(db(), used, { a: 2 }, 'yes', keep())).rejects.toMatchObject({ code: 'effect-key-reused' });
  await release(undone);
  const late = keepEffect(db(), undone, { a: 1 }, 'yes', keep(hold(undone)));
  await expect(late).rejects.toMatchObject({ code: 'step-fenced' });
  expect(await isHeld(undone)).toBe(false);
});

test('a write that fails keeps nothing, and its own error is seen', async () => {
  const key = newKey();
  await expect(keepEffect(db(), key, {}, 'yes', keep(sql`insert into holds values (null)`))).rejects.toThrow(
    'null value',
  );
  await keepEffect(db(), key, {}, 'yes', keep(hold(key)));
  expect(await isHeld(key)).toBe(true);
});

test('what a third party did for a step that was undone meanwhile is taken back there', async () => {
  const key = newKey();
  const atThirdParty = new Set<string>();
  const call = applyOutsideEffect(
    db(),
    key,
    {},
    {
      ask: async () => {
        atThirdParty.add(key);
        await release(key);
        return 'held';
      },
      keep: (_, effect) => keep(hold(key))(effect),
      takeBack: () => {
        atThirdParty.clear();
        return Promise.resolve();
      },
    },
  );
  await expect(call).rejects.toMatchObject({ code: 'step-fenced' });
  expect(atThirdParty.size).toBe(0);
  expect(await isHeld(key)).toBe(false);
});

test('a third party is not asked again for what is kept already', async () => {
  const key = newKey();
  let asked = 0;
  const call = () =>
    applyOutsideEffect(
      db(),
      key,
      {},
      {
        ask: () => Promise.resolve((asked += 1)),
        keep: (_, effect) => keep(hold(key))(effect),
        takeBack: () => Promise.resolve(),
      },
    );
  expect([await call(), await call(), asked]).toEqual([1, 1, 1]);
});
