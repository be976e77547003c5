import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { Client } from 'pg';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../../../tests/lib-support/database';
import { eventually } from '../../../tests/lib-support/eventually';
import type { Queryable } from '../../db/database';
import { appendEvents } from '../store';
import { eventLogMigrations } from '../migrations';
import type { EventLogTables } from '../tables';
import type { Cursor } from '../events';
import { insertRelay, releaseLease, saveCursor, takeLease, type Lease } from './lease-store';
import { measureLog } from './log-ages-store';
import { nextEntries, readLog } from './log-reader-store';
import { insertRefused } from './refused-store';

let log: TestDatabase<EventLogTables>;
let relay: string;
const db = () => log.database.kysely;
const beginning: Cursor = { xid: '0', position: 0 };

beforeAll(async () => {
  log = await createTestDatabase<EventLogTables>(eventLogMigrations);
});
beforeEach(async () => {
  await sql`truncate events`.execute(db());
  relay = randomUUID();
  await insertRelay(db(), relay);
});
afterEach(async () => {
  for (const { rollback } of opened.splice(0)) await rollback();
});
afterAll(() => log.drop());

async function take(owner: string, leaseMs = 60_000) {
  const taken = await takeLease(db(), relay, owner, leaseMs);
  if (!taken) throw new Error(`${owner} did not get the lease`);
  return taken.lease;
}
const append = (on: Queryable, note: string) =>
  appendEvents(on, [
    { stream: `note-${randomUUID()}`, expectedVersion: 0, events: [{ type: note, dataVersion: 1, data: {} }] },
  ]);

/** Reads once nothing is held back: the horizon covers the whole server, where other tests run as well. */
const readClear = (lease: Lease, after: Cursor, limit: number) =>
  eventually(async () => {
    const reading = await readLog(db(), lease, after, limit);
    expect(reading.heldBack).toBe(false);
    return reading;
  });

const opened: { rollback: () => Promise<void> }[] = [];
/** Opens a transaction in which the test appends step by step; it is closed even when the test fails. */
async function openTransaction() {
  const trx = await db().startTransaction().execute();
  const end = (how: 'commit' | 'rollback') =>
    trx.isCommitted || trx.isRolledBack ? Promise.resolve() : trx[how]().execute();
  opened.push({ rollback: () => end('rollback') });
  return { trx, append: (note: string) => append(trx, note), commit: () => end('commit') };
}

test('events of a transaction that commits late are not skipped', async () => {
  const lease = await take('a');
  const late = await openTransaction();
  await late.append('first, committed last');
  await append(db(), 'second, committed first');

  const before = await readLog(db(), lease, beginning, 10);
  expect(before).toMatchObject({ heldBack: true, entries: [] });
  await late.commit();
  const after = await readClear(lease, beginning, 10);
  expect(after.entries.map(({ type }) => type)).toEqual(['first, committed last', 'second, committed first']);
});

test('an open transaction of another database holds nothing back, once only those of this one are asked for', async () => {
  const lease = await take('a');
  const elsewhere = await createEmptyDatabase();
  const other = new Client({ connectionString: elsewhere.url });
  await other.connect();
  await other.query('begin; select pg_current_xact_id()');
  await append(db(), 'here');
  const own = await openTransaction();
  await own.append('here, not committed yet');
  await append(db(), 'here, behind that');

  expect(await readLog(db(), lease, beginning, 10)).toMatchObject({ heldBack: true, entries: [] });
  const before = await readLog(db(), lease, beginning, 10, 'database');
  expect(before.entries.map(({ type }) => type)).toEqual(['here']);
  expect(before.heldBack).toBe(true);
  // The roles of services can see no more than this of other sessions.
  const service = new Client({ connectionString: log.url });
  await service.connect();
  await service.query('set role pg_checkpoint');
  const { rowCount } = await service.query(
    'select from pg_stat_activity where backend_xid is not null and datname <> current_database()',
  );
  expect(rowCount).toBeGreaterThan(0);
  await service.end();
  await own.commit();
  const after = await readLog(db(), lease, before.entries[0] ?? beginning, 10, 'database');
  expect(after.entries.map(({ type }) => type)).toEqual(['here, not committed yet', 'here, behind that']);
  await other.end();
  await elsewhere.drop();
});

test('the cursor is the whole pair: a higher position in an earlier transaction is not skipped', async () => {
  const lease = await take('a');
  const early = await openTransaction();
  await sql`select pg_current_xact_id()`.execute(early.trx);
  await append(db(), 'lower position, later transaction');
  await early.append('higher position, earlier transaction');
  await early.commit();

  const [first] = (await readClear(lease, beginning, 1)).entries;
  expect(first?.type).toBe('higher position, earlier transaction');
  const rest = await readClear(lease, first ?? beginning, 10);
  expect(rest.entries.map(({ type }) => type)).toEqual(['lower position, later transaction']);
});

test.each(['server', 'database'] as const)(
  'whatever concurrent writers do, reading by cursor gives every event once (horizon of the %s)',
  async (horizon) => {
    const lease = await take('a');
    const read: string[] = [];
    let after = beginning;
    const readOn = async (): Promise<void> => {
      const { entries } = await readLog(db(), lease, after, 7, horizon);
      after = entries.at(-1) ?? after;
      read.push(...entries.map(({ type }) => type));
    };
    const written: string[] = [];
    const writer = async (name: number): Promise<void> => {
      for (let count = 0; count < 40; count += 1) {
        const { append: write, commit } = await openTransaction();
        for (const part of ['a', 'b']) {
          written.push(`${name}-${count}-${part}`);
          await write(`${name}-${count}-${part}`);
        }
        await commit();
      }
    };
    const names = [1, 2, 3, 4];
    let open = names.length;
    const writers = Promise.all(names.map((name) => writer(name).finally(() => (open -= 1))));
    while (open > 0) await readOn();
    await writers;
    await readClear(lease, after, 1);
    for (let more = 0; more < 100; more += 1) await readOn();
    expect(read.toSorted()).toEqual(written.toSorted());
  },
);

test('one relay holds the lease; another takes it over when it has expired, with a higher fence', async () => {
  const first = await take('a', 0);
  const second = await take('b');
  expect(second.fence).toBeGreaterThan(first.fence);
  expect(await takeLease(db(), relay, 'c', 60_000)).toBeUndefined();
});

test('of many relays that compete for a free lease one gets it', async () => {
  const taken = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((owner) => takeLease(db(), relay, owner, 60_000)));
  expect(taken.filter((lease) => lease !== undefined)).toHaveLength(1);
});

test('a holder that was replaced can neither move the cursor, nor read, nor end the new lease', async () => {
  const stalled = await take('a', 0);
  const current = await take('b');
  expect(await saveCursor(db(), current, { xid: '5', position: 5 }, 60_000)).toBe(true);

  expect(await saveCursor(db(), stalled, { xid: '9', position: 9 }, 60_000)).toBe(false);
  await releaseLease(db(), stalled, { xid: '9', position: 9 });
  expect((await readLog(db(), stalled, beginning, 10)).mine).toBe(false);
  expect(await takeLease(db(), relay, 'c', 60_000)).toBeUndefined();
  const { cursor_xid, cursor_position } = await db()
    .selectFrom('relays')
    .select(['cursor_xid', 'cursor_position'])
    .where('name', '=', relay)
    .executeTakeFirstOrThrow();
  expect({ cursor_xid, cursor_position }).toEqual({ cursor_xid: '5', cursor_position: 5 });
});

test('a released lease is free at once, with the cursor where it was left', async () => {
  const lease = await take('a');
  await releaseLease(db(), lease, { xid: '5', position: 6 });
  expect(await takeLease(db(), relay, 'b', 60_000)).toMatchObject({ start: { xid: '5', position: 6 } });
});

test('a paused relay reads nothing and keeps its lease', async () => {
  const lease = await take('a');
  await append(db(), 'x');
  await db().updateTable('relays').set({ paused: true }).where('name', '=', relay).execute();
  expect(await readLog(db(), lease, beginning, 10)).toMatchObject({ mine: true, paused: true, entries: [] });
  await db().updateTable('relays').set({ paused: false }).where('name', '=', relay).execute();
  expect((await readClear(lease, beginning, 10)).entries).toHaveLength(1);
});

test('ages are those of the oldest event behind the cursor, and of the oldest that is held back', async () => {
  expect(await measureLog(db(), relay)).toEqual({
    paused: false,
    oldestUnpublished: 0,
    oldestHeldBack: 0,
    oldestRefused: 0,
    refused: 0,
  });
  const anHourAgo = new Date(Date.now() - 3_600_000);
  const open = await openTransaction();
  await sql`select pg_current_xact_id()`.execute(open.trx);
  const events = [{ type: 'x', dataVersion: 1, data: {} }];
  await appendEvents(db(), [{ stream: `note-${randomUUID()}`, expectedVersion: 0, events }], { now: anHourAgo });
  const ages = await measureLog(db(), relay);
  expect(ages?.oldestUnpublished).toBeGreaterThan(3_590);
  expect(ages?.oldestHeldBack).toBeGreaterThan(3_590);
  await open.commit();
  await eventually(async () => {
    expect((await measureLog(db(), relay))?.oldestHeldBack).toBe(0);
  });
});

test('the age of an event that a queue refused is told, though the cursor is past it', async () => {
  const events = [{ type: 'x', dataVersion: 1, data: {} }];
  const anHourAgo = new Date(Date.now() - 3_600_000);
  await appendEvents(db(), [{ stream: `note-${randomUUID()}`, expectedVersion: 0, events }], { now: anHourAgo });
  const lease = await take('a');
  const [entry] = (await readClear(lease, beginning, 1)).entries;
  if (!entry) throw new Error('Nothing to read');
  await insertRefused(db(), relay, [entry.position]);
  await saveCursor(db(), lease, entry, 60_000);
  const ages = await measureLog(db(), relay);
  expect(ages?.refused).toBe(1);
  expect(ages?.oldestRefused).toBeGreaterThan(3_590);
  expect(ages?.oldestUnpublished).toBeGreaterThan(3_590);
});

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  Plans?: Plan[];
}
const nodes = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];

function expectIndexScans(plan: Plan | undefined): asserts plan {
  if (!plan) throw new Error('PostgreSQL gave no plan');
  const scans = nodes(plan).filter((node) => node['Relation Name'] === 'events');
  expect(scans).toHaveLength(2);
  for (const scan of scans) expect(scan['Node Type']).toMatch(/^Index/);
}

test('reading costs the same wherever the cursor is, also before statistics were gathered', async () => {
  const lease = await take('a');
  await sql`alter table events set (autovacuum_enabled = false)`.execute(db());
  // A hundred transactions, so that the log has many xids.
  const client = new Client({ connectionString: log.url });
  await client.connect();
  for (let round = 0; round < 100; round += 1) {
    await client.query(`
      insert into events (event_id, stream, version, type, data_version, data, metadata)
      select gen_random_uuid(), 'note-' || gen_random_uuid(), 1, 'x', 1, '{}', '{}' from generate_series(1, 200)`);
  }
  await client.end();
  const places = await sql<Cursor>`
    select xid, position from (select xid, position, row_number() over (order by xid, position) as n from events) as e
    where n in (1, 10000, 19000) order by n`.execute(db());
  for (const statistics of ['none', 'gathered']) {
    if (statistics === 'gathered') await sql`analyze events`.execute(db());
    // The generic plan of a prepared statement: planned once, for any cursor.
    const { sql: text } = nextEntries(lease, { xid: '0', position: 0 }, 100).compile(db());
    const generic = await sql<{
      'QUERY PLAN': [{ Plan: Plan }];
    }>`${sql.raw(`explain (generic_plan, format json) ${text}`)}`.execute(db());
    expectIndexScans(generic.rows[0]?.['QUERY PLAN'][0].Plan);
    for (const place of places.rows) {
      const explained = await sql<{ 'QUERY PLAN': [{ Plan: Plan }] }>`
        explain (analyze, buffers, format json) ${nextEntries(lease, place, 100)}`.execute(db());
      const plan = explained.rows[0]?.['QUERY PLAN'][0].Plan;
      expectIndexScans(plan);
      expect(plan['Shared Hit Blocks'] + plan['Shared Read Blocks']).toBeLessThan(100);
    }
  }
});
