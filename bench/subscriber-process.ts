import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { connectBroker } from '../lib/broker/connection';
import { createPublisher } from '../lib/broker/publisher';
import { openDatabase } from '../lib/db/database';
import { createConsumer } from '../lib/inbox/consumer';
import { createLogger } from '../lib/telemetry/logger';
import { createMetrics } from '../lib/telemetry/metrics';
import { listeners } from './listeners';
import { sendReport, setting } from './once';

// A service that listens, as the platform runs it, from its start until every event is applied.
async function main(): Promise<void> {
  const events = Number(setting('BENCH_EVENTS'));
  const name = setting('BENCH_LISTENER');
  const listener = listeners.find((one) => one.name === name);
  if (!listener) throw new Error(`There is no listener ${name}`);
  const { subscription } = listener;
  const logger = createLogger({ name, level: 'warn' });
  const broker = await connectBroker({ url: setting('RABBITMQ_URL'), name, logger });
  const database = openDatabase<unknown>({ url: setting('BENCH_DATABASE_URL'), name });
  const publisher = createPublisher(broker, { name: 'failures', logger });
  const metrics = createMetrics();
  const applied = async (): Promise<number> => {
    const { rows } = await sql<{ sum: number }>`
      select coalesce(sum(version), 0)::int as sum from inbox_streams`.execute(database.kysely);
    return rows[0]?.sum ?? 0;
  };
  await applied(); // A connection is open.
  const begin = performance.now();
  await createConsumer({
    broker,
    publisher,
    database,
    consumer: `bench-${name}`,
    subscription,
    logger,
    metrics,
  }).start();
  while ((await applied()) < events) await sleep(50);
  sendReport(begin);
}

void main();
