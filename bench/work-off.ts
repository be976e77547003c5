import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { connectBroker } from '../lib/broker/connection/connection';
import { createPublisher } from '../lib/broker/publishing/publisher';
import { openDatabase } from '../lib/db/database';
import { createConsumer } from '../lib/inbox/processing/consumer';
import type { Subscription } from '../lib/inbox/subscription/subscription';
import { createLogger } from '../lib/telemetry/logger';
import { createMetrics } from '../lib/telemetry/metrics';
import { sendReport, setting } from './once';

/** Runs a subscription as the platform does, from its start until every event is applied, and reports. */
export async function workOff(consumer: string, subscription: Subscription): Promise<void> {
  const events = Number(setting('BENCH_EVENTS'));
  const logger = createLogger({ name: consumer, level: 'warn' });
  const broker = await connectBroker({ url: setting('RABBITMQ_URL'), name: consumer, logger });
  const database = openDatabase<unknown>({ url: setting('BENCH_DATABASE_URL'), name: consumer });
  const publisher = createPublisher(broker, { name: 'failures', logger });
  const metrics = createMetrics();
  const applied = async (): Promise<number> => {
    const { rows } = await sql<{ sum: number }>`
      select coalesce(sum(version), 0)::int as sum from inbox_streams`.execute(database.kysely);
    return rows[0]?.sum ?? 0;
  };
  await applied(); // A connection is open.
  const begin = performance.now();
  await createConsumer({ broker, publisher, database, consumer, subscription, logger, metrics }).start();
  while ((await applied()) < events) await sleep(20);
  sendReport(begin);
}
