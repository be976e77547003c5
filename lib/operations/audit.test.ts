import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { audited, begun } from './audit';
import { opsMigrations } from './migrations';
import { selectAudit } from './store';

let store: TestDatabase<unknown>;
const db = () => store.database.kysely;

beforeAll(async () => {
  store = await createTestDatabase<unknown>(opsMigrations);
});
afterAll(() => store.drop());

const last = async () => (await selectAudit(db(), 1))[0];
const act = <T>(target: string, run: () => Promise<T>) => audited(db(), 'try', target, { why: 'a test' }, run);

test('an action is recorded before it begins, and its outcome afterwards', async () => {
  const target = randomUUID();
  const during = await act(target, last);
  expect(during).toMatchObject({ action: 'try', target, request: { why: 'a test' }, outcome: begun });
  await act(target, () => Promise.resolve({ moved: 3 }));
  expect(await last()).toMatchObject({ target, outcome: { moved: 3 } });
});

test('a failed action is recorded with its error, which is thrown', async () => {
  const failing = act(randomUUID(), () => Promise.reject(new Error('the broker is away')));
  await expect(failing).rejects.toThrow('the broker is away');
  expect(await last()).toMatchObject({ outcome: { error: 'the broker is away' } });
});

test('an action whose outcome cannot be recorded stays done; one that cannot be recorded does not begin', async () => {
  const hide = () => sql`alter table ops_audit rename to hidden`.execute(db());
  expect(await act('hidden', () => hide().then(() => 'done'))).toBe('done');
  let isDone = false;
  await expect(act('hidden', () => Promise.resolve((isDone = true)))).rejects.toThrow('ops_audit');
  expect(isDone).toBe(false);
  await sql`alter table hidden rename to ops_audit`.execute(db());
  expect(await last()).toMatchObject({ target: 'hidden', outcome: begun });
});
