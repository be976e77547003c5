import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../../tests/lib-support/database';
import { appendEvents, selectStream } from '../eventlog/store';
import { eventLogMigrations } from '../eventlog/migrations';
import { defineEvent, type EventOf } from '../events/define';
import { inboxMigrations } from '../inbox/migrations';
import { applyEvents } from '../inbox/processing/apply';
import { projectionMigrations } from './migrations';
import { projection, type ProjectionContext } from './projection';
import { swapBack, rebuild } from './rebuild';
import { subscriptionFor } from './rows';
import { verify } from './verify';

const written = defineEvent('note.written', {
  stream: 'note',
  versions: [{ schema: z.strictObject({ noteId: z.uuid(), text: z.string() }) }],
  example: { noteId: '0192f3a0-0000-7000-8000-000000000001', text: 'buy tea' },
});
const thrownAway = defineEvent('note.thrown_away', {
  stream: 'note',
  versions: [{ schema: z.strictObject({ noteId: z.uuid() }) }],
  example: { noteId: '0192f3a0-0000-7000-8000-000000000001' },
});
const exchange = { name: 'note-events', producer: 'notes', events: [written, thrownAway] } as const;

interface NoteRow {
  note_id: string;
  text: string;
  edits: number;
}

const declared = {
  name: 'notes',
  version: 1,
  from: exchange,
  table: 'notes',
  key: ['note_id'] as const,
  keyOf: ({ noteId }: { noteId: string }) => ({ note_id: noteId }),
};
const notes = projection<NoteRow>()({
  ...declared,
  on: {
    'note.written': (row, { data: { noteId, text } }) => ({ note_id: noteId, text, edits: (row?.edits ?? 0) + 1 }),
    'note.thrown_away': () => undefined,
  },
});

const tables = {
  notes_0001: {
    up: (db: Parameters<typeof appendEvents>[0]) =>
      sql`create table notes (note_id uuid primary key, text text not null, edits int not null)`
        .execute(db)
        .then(() => undefined),
  },
};
const subscription = subscriptionFor(notes);
let log: TestDatabase<unknown>;
let copy: TestDatabase<unknown>;
let context: ProjectionContext;

beforeEach(async () => {
  log = await createTestDatabase<unknown>(eventLogMigrations);
  copy = await createTestDatabase<unknown>({ ...tables, ...inboxMigrations, ...projectionMigrations });
  context = { projection: notes, database: copy.database, log: log.database, subscription: subscription.name };
});
afterEach(() => Promise.all([log.drop(), copy.drop()]));

type NoteEvent = EventOf<typeof written | typeof thrownAway>;

/** Appends to the producer's log, and applies the events as the consumer does. */
async function happen(noteId: string, expectedVersion: number, ...events: NoteEvent[]): Promise<void> {
  const stream = `note-${noteId}`;
  await appendEvents(log.database.kysely, [{ stream, expectedVersion, events }]);
  const recorded = await selectStream(log.database.kysely, stream, { afterVersion: expectedVersion });
  const consumed = recorded.map(({ metadata, ...event }) => ({
    ...event,
    correlationId: metadata.correlationId,
    source: '/services/notes',
    subject: noteId,
  }));
  await applyEvents(copy.database.kysely, { subscription, handlerTimeoutMs: 10_000 }, consumed);
}

const write = (noteId: string, text: string): NoteEvent => written({ noteId, text });
const rows = async (): Promise<NoteRow[]> =>
  (await sql<NoteRow>`select * from notes order by text`.execute(copy.database.kysely)).rows;

test('a row is the fold of the events of its stream, and the event that ends the stream deletes it', async () => {
  const [one, other] = [randomUUID(), randomUUID()];
  await happen(one, 0, write(one, 'buy tea'), write(one, 'buy milk'));
  await happen(other, 0, write(other, 'call Ada'), thrownAway({ noteId: other }));
  expect(await rows()).toEqual([{ note_id: one, text: 'buy milk', edits: 2 }]);
});

test('a verification reports a changed, a missing and an extra row until a rebuild', async () => {
  const [changed, missing] = [randomUUID(), randomUUID()];
  await happen(changed, 0, write(changed, 'buy tea'));
  await happen(missing, 0, write(missing, 'call Ada'));
  expect((await verify(context)).differences).toEqual({ count: 0, first: [] });
  await sql`update notes set text = 'buy gold' where note_id = ${changed}`.execute(copy.database.kysely);
  await sql`delete from notes where note_id = ${missing}`.execute(copy.database.kysely);
  await sql`insert into notes values (${randomUUID()}, 'no event', 1)`.execute(copy.database.kysely);
  expect((await verify(context)).differences).toMatchObject({ count: 3 });
  await rebuild(context, { whole: true });
  expect((await verify(context)).differences).toEqual({ count: 0, first: [] });
  expect((await rows()).map(({ text }) => text)).toEqual(['buy tea', 'call Ada']);
});

test('a rebuild by another version swaps its table in, later events are applied to it, and it can be swapped back', async () => {
  const noteId = randomUUID();
  await happen(noteId, 0, write(noteId, 'buy tea'));
  const shouting = projection<NoteRow>()({
    ...declared,
    version: 2,
    on: {
      'note.written': (row, { data }) => ({
        note_id: data.noteId,
        text: data.text.toUpperCase(),
        edits: (row?.edits ?? 0) + 1,
      }),
      'note.thrown_away': () => undefined,
    },
  });
  const now: ProjectionContext = { ...context, projection: shouting };
  await rebuild(now);
  expect(await rows()).toEqual([{ note_id: noteId, text: 'BUY TEA', edits: 1 }]);
  await swapBack(context);
  expect(await rows()).toEqual([{ note_id: noteId, text: 'buy tea', edits: 1 }]);
});
