import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sql, type Kysely } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { NewEvent } from '../../../lib/events/define';
import { userCreated, userEmailChangeRequested, userErased, userUpdated } from '../../../contracts/events/user';
import { appendEvents, selectStream } from '../../../lib/eventlog/store';
import { eventLogMigrations } from '../../../lib/eventlog/migrations';
import { redactStream } from '../../../lib/eventlog/redact';
import { personalFields } from '../../../lib/eventlog/redaction-migrations';
import { applyEvents } from '../../../lib/inbox/processing/apply';
import { subscriptionFor } from '../../../lib/projections/rows';
import { projectionMigrations } from '../../../lib/projections/migrations';
import { swapBack, rebuild } from '../../../lib/projections/rebuild';
import type { ProjectionContext } from '../../../lib/projections/projection';
import { verify } from '../../../lib/projections/verify';
import { createTestDatabase, type TestDatabase } from '../../../tests/lib-support/database';
import { notificationMigrations } from '../migrations';
import { recipients } from './recipients';

const subscription = subscriptionFor(recipients);
const personal = personalFields('user', 'user.erased', { email: 'erased@erased.invalid', name: 'erased' });
const [userId, other] = [uuidv7(), uuidv7()];
const noChange = { change_version: null, change_details: null, change_expires_at: null };
let log: TestDatabase<unknown>;
let here: TestDatabase<unknown>;
let context: ProjectionContext;

beforeEach(async () => {
  log = await createTestDatabase<unknown>({ ...eventLogMigrations, personal });
  here = await createTestDatabase<unknown>({ ...notificationMigrations, ...projectionMigrations });
  context = { projection: recipients, database: here.database, log: log.database, subscription: subscription.name };
});
afterEach(async () => {
  await log.drop();
  await here.drop();
});

/** Appends to a user's log, which forgets the person with the erasure, as the user service does. */
async function append(user: string, expectedVersion: number, ...events: NewEvent[]): Promise<void> {
  const stream = `user-${user}`;
  await log.database.kysely.transaction().execute(async (trx) => {
    await appendEvents(trx, [{ stream, expectedVersion, events }]);
    if (events.some(({ type }) => type === 'user.erased')) await redactStream(trx, stream);
  });
}

/** Applies the events of a user from a version on, as they are in the log now. */
async function apply(user: string, afterVersion = 0): Promise<void> {
  const events = await selectStream(log.database.kysely, `user-${user}`, { afterVersion });
  const received = events.map(({ metadata, ...event }) => ({
    ...event,
    correlationId: metadata.correlationId,
    source: '',
    subject: user,
  }));
  await applyEvents(here.database.kysely, { subscription, handlerTimeoutMs: 10_000 }, received);
}

/** The tables, in whatever schema, in which a text stands. */
async function tablesWith(db: Kysely<unknown>, text: string): Promise<string[]> {
  const { rows } = await sql<{ place: string }>`
    select quote_ident(schemaname) || '.' || quote_ident(tablename) as place from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema')`.execute(db);
  const found = rows.map(async ({ place }) => {
    const matching = sql`select 1 from ${sql.raw(place)} t where t::text like ${`%${text}%`} limit 1`;
    return (await matching.execute(db)).rows.length > 0 ? [place] : [];
  });
  return (await Promise.all(found)).flat();
}

const all = async () => (await sql`select * from recipients order by user_id`.execute(here.database.kysely)).rows;

test('an erased user is in no table, also after a rebuild, and going back does not restore the user', async () => {
  await append(userId, 0, userCreated({ userId, email: 'ada@example.com', name: 'Ada' }));
  await append(other, 0, userCreated({ userId: other, email: 'bob@example.com', name: 'Bob' }));
  await append(userId, 1, userUpdated({ userId, email: 'ada@example.org' }));
  await apply(userId);
  await apply(other);
  await rebuild(context);
  expect(await tablesWith(here.database.kysely, 'ada@')).toHaveLength(2);

  await append(userId, 2, userErased({ userId }));
  await apply(userId, 2);
  expect(await tablesWith(here.database.kysely, 'ada@')).toEqual([]);
  const left = await all();
  expect(left).toEqual([
    { user_id: userId, email: null, name: null, ...noChange },
    { user_id: other, email: 'bob@example.com', name: 'Bob', ...noChange },
  ]);
  expect(await swapBack(context)).toMatchObject({ differences: { count: 0 } });
  expect(await all()).toEqual(left);
  expect((await verify(context)).differences.count).toBe(0);
});

test('an erasure in the middle of a rebuild leaves nothing of the person where it was', async () => {
  await append(userId, 0, userCreated({ userId, email: 'ada@example.com', name: 'Ada' }));
  await apply(userId);
  const stop = new AbortController();
  const onProgress = ({ done }: { done: number }): void => {
    if (done > 0) stop.abort();
  };
  await expect(rebuild(context, { signal: stop.signal, onProgress })).rejects.toThrow('aborted');
  expect(await tablesWith(here.database.kysely, 'ada@')).toHaveLength(2);
  await append(userId, 1, userErased({ userId }));
  await apply(userId, 1);
  expect(await tablesWith(here.database.kysely, 'ada@')).toEqual([]);
  expect(await rebuild(context)).toMatchObject({ differences: { count: 0 } });
  expect(await all()).toEqual([{ user_id: userId, email: null, name: null, ...noChange }]);
});

test('a change of the address requests one e-mail, not one more by a rebuild, and none once the user is erased', async () => {
  const details = 'test:sealed';
  const expiresAt = new Date(Date.now() + 60_000).toISOString();
  const asked = userEmailChangeRequested({ userId, expiresAt, details });
  const requested = async () =>
    (await sql`select user_id, version, status, details from account_emails`.execute(here.database.kysely)).rows;
  await append(userId, 0, userCreated({ userId, email: 'ada@example.com', name: 'Ada' }), asked);
  await apply(userId);
  expect(await requested()).toEqual([{ user_id: userId, version: 2, status: 'pending', details }]);
  await rebuild(context);
  await append(userId, 2, userUpdated({ userId, email: 'ada@example.org' }));
  await apply(userId, 2);
  expect(await requested()).toHaveLength(1);
  expect(await all()).toEqual([{ user_id: userId, email: 'ada@example.org', name: 'Ada', ...noChange }]);
  expect((await verify(context)).differences.count).toBe(0);
  await append(userId, 3, userErased({ userId }));
  await apply(userId, 3);
  expect(await requested()).toEqual([]);
});
