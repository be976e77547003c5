import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { appendEvents } from '../eventlog/store';
import { eventLogMigrations } from '../eventlog/migrations';
import { redactStream } from '../eventlog/redact';
import { personalFields } from '../eventlog/redaction-migrations';
import { audited } from '../operations/audit';
import { opsMigrations } from '../operations/migrations';
import { sealMigrations } from './migrations';
import { sealLog } from './seal';
import { insertWitness, selectLastSeal } from './store';
import { verifyLog, type VerifyOptions } from './verify';

const personal = personalFields('reader', 'reader.erased', { name: 'erased' });
let store: TestDatabase<unknown>;
const db = () => store.database.kysely;

beforeEach(async () => {
  store = await createTestDatabase<unknown>({ ...eventLogMigrations, ...opsMigrations, ...sealMigrations, personal });
});
afterEach(() => store.drop());

/** Appends events to a stream from a version on, one for each data. */
const append = (stream: string, expectedVersion: number, ...all: object[]) => {
  const events = all.map((data) => ({ type: `${stream.split('-')[0]}.noted`, dataVersion: 1, data }));
  return appendEvents(db(), [{ stream, expectedVersion, events }]);
};
const notes = (count: number) => Array.from({ length: count }, (_, text) => ({ text }));
const seal = (log: 'events' | 'ops_audit' = 'events', size = 3) => sealLog(db(), log, { size, settleMs: 0 });
const verify = (options?: VerifyOptions) => verifyLog(db(), 'events', options);
const run = (statement: string) => sql.raw(statement).execute(db());

async function erase(stream: string, version: number): Promise<void> {
  const events = [{ type: 'reader.erased', dataVersion: 1, data: {} }];
  await db()
    .transaction()
    .execute(async (trx) => {
      await appendEvents(trx, [{ stream, expectedVersion: version, events }]);
      await redactStream(trx, stream);
    });
}

test('seals cover the whole log, each a part of it, and are added only for what is new', async () => {
  await append('note-1', 0, ...notes(7));
  expect(await seal()).toMatchObject({ number: 3, from: 7, to: 7, count: 1 });
  expect(await seal()).toMatchObject({ number: 3 });
  await append('note-2', 0, ...notes(2));
  expect(await seal()).toMatchObject({ number: 4, from: 8, to: 9, count: 2 });
  expect(await verify()).toEqual({ seals: 4, entries: 9, findings: [] });
});

test.each([
  ['a changed text', `update events set data = '{"text": 99}' where position = 5`, 'was changed after it was sealed'],
  ['a changed time', `update events set time = time - interval '1 day' where position = 5`, 'was changed'],
  ['a changed author', `update events set metadata = '{"actor": "else"}' where position = 5`, 'was changed'],
  ['a removed event', 'delete from events where position = 5', '1 entry was removed after seal 2'],
  [
    'an inserted event',
    `delete from events where position = 9; update events set position = default where false;
     insert into events (position, event_id, stream, version, type, data_version, data, metadata)
     overriding system value values (-1, gen_random_uuid(), 'note-9', 1, 'note.noted', 1, '{}', '{}')`,
    '1 entry was inserted after seal 1',
  ],
])('%s is found, with the positions between which it is', async (_, statement, detail) => {
  await append('note-1', 0, ...notes(9));
  await seal();
  for (const one of statement.split(';')) await run(one);
  const { findings } = await verify();
  const at = detail.includes('seal 1') ? { from: 1, to: 3 } : { from: 4, to: 6 };
  expect(findings).toContainEqual({ ...at, detail: expect.stringContaining(detail) });
});

test.each([
  ['a changed seal', `update log_seals set hash = sha256('x') where number = 3`, 7, 'was changed'],
  ['a removed seal', 'delete from log_seals where number = 2', 4, '1 of its seals before seal 3 are missing'],
  [
    'a seal that was made anew',
    `update log_seals set hash = sha256('x') where number = 1`,
    4,
    'seal 2 does not follow the seal before it',
  ],
])('%s is found', async (_, statement, from, detail) => {
  await append('note-1', 0, ...notes(9));
  await seal();
  await run(statement);
  expect((await verify()).findings).toContainEqual({
    from,
    to: expect.any(Number),
    detail: expect.stringContaining(detail),
  });
});

test('an end that was cut off is missed by who has witnessed it, also when it was sealed again', async () => {
  await append('note-1', 0, ...notes(6));
  const last = await seal();
  if (!last) throw new Error('Nothing was sealed');
  const witnessed = [{ number: last.number, hash: last.hash }];
  expect((await verify({ witnessed })).findings).toEqual([]);
  await run('delete from log_seals where number = 2');
  await run('delete from events where position > 3');
  expect((await verify()).findings).toEqual([]);
  expect((await verify({ witnessed })).findings).toMatchObject([
    { from: 4, detail: expect.stringContaining('missing') },
  ]);
  await append('note-1', 3, { text: 'forged' });
  await seal();
  expect((await verify({ witnessed })).findings).toMatchObject([
    { detail: 'seal 2 is not the one that another database has witnessed' },
  ]);
});

test('a witness keeps what it was told first', async () => {
  const told = { database: 'notes', log: 'events', number: 1 } as const;
  await insertWitness(db(), { ...told, hash: 'aa' });
  await insertWitness(db(), { ...told, hash: 'bb' });
  expect((await sql`select hash from seal_witnesses`.execute(db())).rows).toEqual([{ hash: Buffer.from('aa', 'hex') }]);
});

test('an erased person is not reported, before and after the next seal, and no digest tells who it was', async () => {
  await append('reader-1', 0, { name: 'Ada', shelf: 1 }, { name: 'Ada King' }, { shelf: 2 });
  await append('reader-2', 0, { name: 'Bob' });
  await seal();
  await append('reader-1', 3, { name: 'Ada Lovelace' });
  await erase('reader-1', 4);
  expect((await verify()).findings).toEqual([]);
  await seal();
  expect((await verify()).findings).toEqual([]);
  const { rows } = await sql`select position, salt is null as unsalted from event_salts order by position`.execute(
    db(),
  );
  expect(rows).toEqual([
    { position: 1, unsalted: true },
    { position: 2, unsalted: true },
    { position: 4, unsalted: false },
    { position: 5, unsalted: false },
  ]);
});

test.each([
  [
    'a personal field of somebody who is not erased',
    `update events set data = '{"name": "erased"}' where position = 4`,
  ],
  ['another field of the erased person', `update events set data = data || '{"shelf": 9}' where position = 1`],
  ['what has replaced a personal field', `update events set data = data || '{"name": "Eve"}' where position = 1`],
  ['what redactions leave out', `update event_salts set fields = '{name,shelf}' where position = 1`],
])('beside an erasure, a change of %s is found', async (_, statement) => {
  await append('reader-1', 0, { name: 'Ada', shelf: 1 }, { name: 'Ada King' });
  await erase('reader-1', 2);
  await append('reader-2', 0, { name: 'Bob' });
  await append('reader-3', 0, { name: 'Cleo', shelf: 3 });
  await seal('events', 2);
  await erase('reader-3', 1);
  expect((await verify()).findings).toEqual([]);
  await run(statement);
  expect((await verify()).findings).toHaveLength(1);
});

test('only streams with declared fields and their erasing event are redacted', async () => {
  await append('note-1', 0, ...notes(1));
  await append('reader-1', 0, { name: 'Ada' });
  await expect(redactStream(db(), 'note-1')).rejects.toThrow('no fields that may be redacted');
  await expect(redactStream(db(), 'reader-1')).rejects.toThrow('has no reader.erased and may not be redacted');
});

test('entries that were written meanwhile are sealed next time, none is left out or counted twice', async () => {
  const writing = Array.from({ length: 8 }, async (_, writer) => {
    for (let version = 0; version < 40; version += 1) await append(`note-${writer}`, version, { version });
  });
  const sealing = Promise.all(writing).then(() => seal('events', 20));
  for (let round = 0; round < 5; round += 1) {
    await seal('events', 20);
    expect((await verify()).findings).toEqual([]);
  }
  await sealing;
  expect(await seal('events', 20)).toMatchObject({ to: 320 });
  expect(await verify()).toMatchObject({ entries: 320, findings: [] });
});

test('while a transaction with an earlier position is open nothing is sealed, and then all of it', async () => {
  const open = await store.database.pool.connect();
  try {
    await open.query(`begin;
      insert into events (event_id, stream, version, type, data_version, data, metadata)
      values (gen_random_uuid(), 'note-open', 1, 'note.noted', 1, '{}', '{}')`);
    await append('note-1', 0, ...notes(2));
    expect(await seal()).toBeUndefined();
    await open.query('commit');
  } finally {
    open.release();
  }
  expect(await seal()).toMatchObject({ number: 1, from: 1, to: 3, count: 3 });
});

test('several sealers make one chain', async () => {
  await append('note-1', 0, ...notes(30));
  await Promise.all([seal(), seal(), seal()]);
  expect(await selectLastSeal(db(), 'events')).toMatchObject({ to: 30 });
  expect(await verify()).toMatchObject({ entries: 30, findings: [] });
});

test('an audit entry that is changed or removed is found', async () => {
  for (const target of ['a', 'b', 'c']) await audited(db(), 'try', target, {}, () => Promise.resolve({ moved: 1 }));
  await seal('ops_audit', 4);
  const check = async () => (await verifyLog(db(), 'ops_audit')).findings;
  expect(await check()).toEqual([]);
  await run(`update ops_audit set actor = 'somebody else' where id = 1`);
  expect(await check()).toEqual([{ from: 1, to: 4, detail: expect.stringContaining('was changed') }]);
  await run('delete from ops_audit where id = 6');
  expect(await check()).toContainEqual({ from: 5, to: 6, detail: '1 entry was removed after seal 2' });
});
