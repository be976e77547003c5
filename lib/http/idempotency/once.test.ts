import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { createTestDatabase, type TestDatabase } from '../../../tests/lib-support/database';
import { eventually } from '../../../tests/lib-support/eventually';
import { createLogger } from '../../telemetry/logger';
import { createKeyExpiry } from './expiry';
import type { IdempotentRequest } from './header';
import { idempotencyMigrations } from './migrations';
import { onceForKey } from './once';

interface Note {
  id: string;
  text: string;
}

const notes = {
  notes_0001: {
    up: (db: Parameters<typeof onceForKey>[0]) => sql`create table notes (id uuid, text text)`.execute(db),
  },
};
let notebook: TestDatabase<unknown>;
const db = () => notebook.database.kysely;
beforeAll(async () => {
  notebook = await createTestDatabase<unknown>({ ...idempotencyMigrations, ...(notes as object) });
});
afterAll(() => notebook.drop());

const requestOf = (over: Partial<IdempotentRequest> = {}): IdempotentRequest => ({
  actor: 'ann',
  key: randomUUID(),
  operation: 'POST /notes',
  requestHash: 'same',
  ...over,
});

const write = (request: IdempotentRequest | undefined): Promise<Note> =>
  onceForKey(db(), request, async (trx) => {
    const note = { id: randomUUID(), text: 'buy tea' };
    await sql`insert into notes values (${note.id}, ${note.text})`.execute(trx);
    return note;
  });

const count = async () =>
  (await sql<{ n: number }>`select count(*)::int as n from notes`.execute(db())).rows[0]?.n ?? 0;

test('a repeated request gets the response of the first and acts once', async () => {
  const request = requestOf();
  const before = await count();
  const first = await write(request);
  expect(await write(request)).toEqual(first);
  expect(await count()).toBe(before + 1);
});

test('only one of twenty concurrent requests with one key acts, and all get its response', async () => {
  const request = requestOf();
  const before = await count();
  const answers = await Promise.all(Array.from({ length: 20 }, () => write(request)));
  expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
  expect(await count()).toBe(before + 1);
});

test('a key belongs to its sender', async () => {
  const request = requestOf();
  expect((await write({ ...request, actor: 'bob' })).id).not.toBe((await write(request)).id);
});

test('a key that was used with another body or operation is refused', async () => {
  const request = requestOf();
  await write(request);
  await expect(write({ ...request, requestHash: 'other' })).rejects.toMatchObject({ code: 'idempotency-key-reused' });
  await expect(write({ ...request, operation: 'POST /lists' })).rejects.toMatchObject({
    code: 'idempotency-key-reused',
  });
});

test('a request that failed may be sent again with its key', async () => {
  const request = requestOf();
  await expect(onceForKey(db(), request, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect((await write(request)).text).toBe('buy tea');
});

test('requests without a key act each time', async () => {
  expect((await write(undefined)).id).not.toBe((await write(undefined)).id);
});

test('an expired key can be used again, one that has not expired cannot', async () => {
  const [old, fresh] = [requestOf(), requestOf()];
  const oldNote = await write(old);
  await sql`update idempotency_keys set created_at = created_at - interval '1 hour' where key = ${old.key}`.execute(
    db(),
  );
  const freshNote = await write(fresh);
  const logger = createLogger({ name: 'test', level: 'silent' });
  const expiry = createKeyExpiry({ db: db(), logger, clock: () => new Date(), keepMs: 600_000 });
  expiry.start();
  await eventually(async () => expect((await write(old)).id).not.toBe(oldNote.id));
  await expiry.stop();
  expect((await write(fresh)).id).toBe(freshNote.id);
});
