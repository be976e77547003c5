import type { Kysely } from 'kysely';
import { z } from 'zod';
import { connectBroker } from '../../lib/broker/connection/connection';
import type { Envelope } from '../../lib/events/envelope';
import { createPublisher } from '../../lib/broker/publishing/publisher';
import { loadConfig } from '../../lib/config/load';
import { openDatabase } from '../../lib/db/database';
import { migrateToLatest } from '../../lib/db/migrate';
import { createConsumer } from '../../lib/inbox/processing/consumer';
import { createLogger } from '../../lib/telemetry/logger';
import { createMetrics } from '../../lib/telemetry/metrics';
import { hostilities, hostilityTo } from './hostility';
import { countAttempt, insertApplied, witnessMigrations } from './witness-store';
import { createWitnesses } from './witnesses';

const witnessConfig = z.object({
  CHAOS_SEED: z.coerce.number().int(),
  WITNESS_DATABASE_URL: z.url(),
  RABBITMQ_URL: z.url(),
});

// Hears everything and writes down what was applied; a process of its own, so that it can be killed.
async function main(): Promise<void> {
  const config = loadConfig(witnessConfig, process.env);
  const logger = createLogger({ name: 'witness', level: 'warn' });
  const url = config.WITNESS_DATABASE_URL;
  const onError = (error: Error): void => logger.warn({ reason: error.message }, 'lost an idle connection');
  const database = openDatabase<unknown>({ url, name: 'witness', onError });
  const attempts = openDatabase<unknown>({ url, name: 'witness attempts', onError });
  await migrateToLatest(database, witnessMigrations);
  const broker = await connectBroker({ url: config.RABBITMQ_URL, name: 'witness', logger });
  const publisher = createPublisher(broker, { name: 'witness failures', logger });
  const metrics = createMetrics();

  async function witness(subscription: string, event: Envelope, db: Kysely<unknown>): Promise<void> {
    const kind = hostilityTo(event.id, config.CHAOS_SEED);
    if (kind && (await countAttempt(attempts.kysely, subscription, event.id, kind)) < hostilities[kind].behavesFrom) {
      await hostilities[kind].act();
    }
    await insertApplied(db, subscription, event);
  }

  const shared = { broker, publisher, database, logger, metrics, retryDelaysMs: [200, 1_000, 3_000] };
  const consumers = createWitnesses(witness).map(({ consumer, subscription }) =>
    createConsumer({ ...shared, consumer, subscription }),
  );
  await Promise.all(consumers.map((consumer) => consumer.start()));
  process.send?.({});

  process.once('SIGTERM', () => {
    void Promise.all(consumers.map((consumer) => consumer.stop())).then(() => process.exit(0));
  });
  process.once('disconnect', () => process.exit(1));
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
