import { expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { eventually } from '../lib-support/eventually';
import { relayWorlds } from '../lib-support/relay-worlds';
import { blocksOf } from './pages';

const world = relayWorlds();

/** What the page tells to run in a database that was restored from a dump. */
const renumbering = blocksOf('docs/how-to/restore-a-backup.md').find(({ language }) => language === 'sql')?.code ?? '';

test('a log with the transaction ids of another server is published to its end once it is renumbered', async () => {
  const place = await world();
  const { log, exchange, received } = place;
  const stream = `note-${randomUUID()}`;
  const write = (type: string, expectedVersion: number) =>
    place.append(type, { stream, expectedVersion, events: [{ type, dataVersion: 1, data: {} }] });
  for (const [version, type] of ['note.published', 'note.waiting', 'note.last'].entries()) await write(type, version);
  // As after pg_restore: ids that this server reaches in years, and a cursor among them.
  await sql`update events set xid = (1000000000 + position)::text::xid8`.execute(log.database.kysely);
  await sql`
    insert into relays (name, cursor_xid, cursor_position)
    select ${exchange}, xid, position from events where type = 'note.published'`.execute(log.database.kysely);

  // Not renumbered: what waits is held back, and what is new stands before the cursor.
  const early = await place.relay();
  await write('note.new', 3);
  await sleep(1_000);
  await early.stop();
  expect(received).toEqual([]);

  await log.database.kysely.connection().execute(async (db) => {
    for (const statement of renumbering.split(';').filter((one) => one.trim() !== ''))
      await sql.raw(statement).execute(db);
  });
  await place.relay();
  await write('note.newest', 4);
  const inOrder = ['note.waiting', 'note.last', 'note.new', 'note.newest'];
  await eventually(() => expect(received.map(({ type }) => type)).toEqual(inOrder));
});
