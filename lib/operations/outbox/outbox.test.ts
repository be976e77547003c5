import { expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createTestDatabase } from '../../../tests/lib-support/database';
import { appendEvents } from '../../eventlog/store';
import { eventLogMigrations } from '../../eventlog/migrations';
import { insertRelay } from '../../eventlog/relay/lease-store';
import { insertRefused } from '../../eventlog/relay/refused-store';
import type { EventLogTables } from '../../eventlog/tables';
import { outboxStatus } from './outbox';

const exchange = 'note-events';

test('the status shows how many events a queue refused, and how old the oldest is', async () => {
  const log = await createTestDatabase<EventLogTables>(eventLogMigrations);
  const db = log.database.kysely;
  const status = () => outboxStatus({ service: 'notes', exchange, source: '/notes', db: db as never, wake: () => {} });
  try {
    await expect(status()).rejects.toMatchObject({ code: 'not-found' });
    await insertRelay(db, exchange);
    const events = [{ type: 'note.taken', dataVersion: 1, data: {} }];
    const anHourAgo = new Date(Date.now() - 3_600_000);
    await appendEvents(db, [{ stream: 'note-1', expectedVersion: 0, events }], { now: anHourAgo });
    expect(await status()).toMatchObject({ refused: 0, oldestRefusedSeconds: 0, unpublished: 1 });
    const { position } = await db.selectFrom('events').select('position').executeTakeFirstOrThrow();
    await insertRefused(db, exchange, [position]);
    const { refused, oldestRefusedSeconds } = await status();
    expect(refused).toBe(1);
    expect(oldestRefusedSeconds).toBeGreaterThan(3_590);
  } finally {
    await log.drop();
  }
});

test('the status names the transaction that holds events back for long', async () => {
  const log = await createTestDatabase<EventLogTables>(eventLogMigrations);
  const db = log.database.kysely;
  const trx = await db.startTransaction().execute();
  try {
    await insertRelay(db, exchange);
    await sql`select pg_current_xact_id()`.execute(trx);
    const status = () =>
      outboxStatus({ service: 'notes', exchange, source: '/notes', db: db as never, wake: () => {} });
    const events = [{ type: 'note.taken', dataVersion: 1, data: {} }];
    await appendEvents(db, [{ stream: 'note-1', expectedVersion: 0, events }]);
    expect(await status()).not.toHaveProperty('heldBackBy');
    const anHourAgo = new Date(Date.now() - 3_600_000);
    await sql`update events set time = ${anHourAgo}`.execute(db);
    expect(await status()).toMatchObject({
      heldBackBy: { pid: expect.any(Number), application: 'test', state: 'idle in transaction' },
    });
  } finally {
    await trx.rollback().execute();
    await log.drop();
  }
});
