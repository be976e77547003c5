import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { orderMigrations } from './migrations';

/** The table as it was before the answers of all services were stored alike. */
interface Tables {
  idempotency_keys: {
    actor: string;
    key: string;
    request_hash: string;
    order_id: string;
    response: unknown;
    created_at: Date;
  };
}

let orders: TestDatabase<Tables>;
beforeAll(async () => {
  orders = await createTestDatabase<Tables>(orderMigrations);
});
afterAll(() => orders.drop());

test('keys that are stored in capitals are found in lower case afterwards, and none is lost', async () => {
  const { kysely: db } = orders.database;
  const upper = (): string => `${randomUUID().slice(0, -1)}a`.toUpperCase();
  const [actor, key, twice, both] = [upper(), upper(), upper(), upper()];
  const mixed = twice.slice(0, -1) + 'a';
  const keys: [string, string][] = [
    [actor, key],
    [actor, 'Order-17'],
    [actor, twice],
    [actor, mixed],
    [actor, both],
    [actor.toLowerCase(), both.toLowerCase()],
  ];
  await db
    .insertInto('idempotency_keys')
    .values(
      keys.map(([by, name]) => ({
        actor: by,
        key: name,
        request_hash: 'hash',
        order_id: randomUUID(),
        response: '{}',
        created_at: new Date(),
      })),
    )
    .execute();
  await orderMigrations['orders_0005_lower_case_keys']?.up(db);
  const after = await db.selectFrom('idempotency_keys').select(['actor', 'key']).execute();
  expect(after).toHaveLength(keys.length);
  for (const name of [key.toLowerCase(), 'Order-17', twice.toLowerCase(), both.toLowerCase()])
    expect(after).toContainEqual({ actor: actor.toLowerCase(), key: name });
});
