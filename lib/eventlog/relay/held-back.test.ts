import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { Client } from 'pg';
import { createEmptyDatabase } from '../../../tests/lib-support/database';
import { eventually } from '../../../tests/lib-support/eventually';
import { createRelayWorld, type RelayWorld } from '../../../tests/lib-support/relay';
import { createTestVhost, type TestVhost } from '../../../tests/lib-support/vhost';
import { createLogger } from '../../telemetry/logger';
import { createMetrics } from '../../telemetry/metrics';
import { selectBlocker } from './blocker-store';

let vhost: TestVhost;
let world: RelayWorld;
const ends: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  vhost = await createTestVhost();
  world = await createRelayWorld({ vhost });
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  await world.end();
  await vhost.drop();
});

const db = () => world.log.database.kysely;

/** A session with a transaction that has written and stays open. */
async function holdTransaction(url: string): Promise<number> {
  const client = new Client({ connectionString: url, application_name: 'month-end report' });
  await client.connect();
  ends.push(() => client.end());
  await client.query('begin');
  await client.query('select pg_current_xact_id()');
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]?.pid ?? 0;
}

test('a log that is held back says once a minute by whom: pid, application, state, and how long', async () => {
  const pid = await holdTransaction(world.log.url);
  await world.append('note.waits');
  const lines: string[] = [];
  const logger = createLogger({
    name: 'test',
    level: 'warn',
    destination: { write: (line) => void lines.push(line) },
  });
  const metrics = createMetrics();
  await world.relay({ logger, metrics, tuning: { measureMs: 20, heldBackAlertSeconds: 0.1 } });
  const found = await eventually(() => {
    expect(lines).not.toEqual([]);
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  });
  const blocker = {
    pid,
    application: 'month-end report',
    user: expect.any(String),
    state: 'idle in transaction',
    transactionSeconds: expect.any(Number),
    querySeconds: expect.any(Number),
  };
  expect(found).toMatchObject([{ msg: expect.stringContaining('held back'), relay: world.exchange, blocker }]);
  // Many more measurements, and still one line.
  await eventually(async () =>
    expect(await metrics.registry.metrics()).toMatch(/relay_horizon_age_seconds\{.*\} [1-9]/),
  );
  expect(lines).toHaveLength(1);
});

test('of a session whose details PostgreSQL hides, pid and application are reported, and the state is hidden', async () => {
  const pid = await holdTransaction(world.log.url);
  const role = `stranger_${randomUUID().replaceAll('-', '')}`;
  const blocker = await db()
    .connection()
    .execute(async (connection) => {
      await sql`create role ${sql.id(role)}`.execute(connection);
      await sql`set role ${sql.id(role)}`.execute(connection);
      try {
        return await selectBlocker(connection);
      } finally {
        await sql`reset role`.execute(connection);
        await sql`drop role ${sql.id(role)}`.execute(connection);
      }
    });
  expect(blocker).toEqual({ pid, application: 'month-end report', user: expect.any(String), state: 'hidden' });
});

test('a transaction of another database holds nothing back, and is not named', async () => {
  const other = await createEmptyDatabase();
  await holdTransaction(other.url);
  ends.push(() => other.drop());
  expect(await selectBlocker(db())).toBeUndefined();
});
