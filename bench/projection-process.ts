import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { connectBroker } from '../lib/broker/connection';
import { createPublisher } from '../lib/broker/publisher';
import { openDatabase } from '../lib/db/database';
import { createConsumer } from '../lib/inbox/consumer';
import { ordered } from '../lib/inbox/ordered';
import { createLogger } from '../lib/telemetry/logger';
import { createMetrics } from '../lib/telemetry/metrics';
import { noteEvents } from './notes';
import { sendReport, setting } from './once';

const subscription = ordered<unknown>()({
  name: 'notes',
  version: 1,
  from: noteEvents,
  on: {
    'note.taken': async ({ text }, db, { stream, version }) => {
      await sql`
        insert into notes (stream, text, version) values (${stream}, ${text}, ${version})
        on conflict (stream) do update set text = excluded.text, version = excluded.version`.execute(db);
    },
  },
});

// A projection as the platform runs it, from its start until every event is applied.
async function main(): Promise<void> {
  const events = Number(setting('BENCH_EVENTS'));
  const logger = createLogger({ name: 'projection', level: 'warn' });
  const broker = await connectBroker({ url: setting('RABBITMQ_URL'), name: 'projection', logger });
  const database = openDatabase<unknown>({ url: setting('BENCH_DATABASE_URL'), name: 'projection' });
  const publisher = createPublisher(broker, { name: 'failures', logger });
  const metrics = createMetrics();
  const applied = async (): Promise<number> => {
    const { rows } = await sql<{ sum: number }>`
      select coalesce(sum(version), 0)::int as sum from inbox_streams`.execute(database.kysely);
    return rows[0]?.sum ?? 0;
  };
  await applied(); // A connection is open.
  const begin = performance.now();
  await createConsumer({ broker, publisher, database, consumer: 'reader', subscription, logger, metrics }).start();
  while ((await applied()) < events) await sleep(20);
  sendReport(begin);
}

void main();
