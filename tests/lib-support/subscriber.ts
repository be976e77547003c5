import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { connectBroker } from '../../lib/broker/connection/connection';
import { declareExchange } from '../../lib/broker/topology/declare';
import { toMessage, type Envelope } from '../../lib/events/envelope';
import { createPublisher } from '../../lib/broker/publishing/publisher';
import { eventLogMigrations } from '../../lib/eventlog/migrations';
import { eventsInsert } from '../../lib/eventlog/store';
import type { EventRow } from '../../lib/eventlog/tables';
import { createConsumer } from '../../lib/inbox/processing/consumer';
import { queueOf } from '../../lib/inbox/processing/queue';
import { createOperations } from '../../lib/operations/operations';
import { opsMigrations } from '../../lib/operations/migrations';
import { subscriptionFor } from '../../lib/projections/rows';
import { projectionMigrations } from '../../lib/projections/migrations';
import type { Projection } from '../../lib/projections/projection';
import type { Rebuilt } from '../../lib/projections/swap-tables';
import { swapBack, rebuild } from '../../lib/projections/rebuild';
import { createLogger } from '../../lib/telemetry/logger';
import { createMetrics } from '../../lib/telemetry/metrics';
import { createTestDatabase, type TestDatabase } from './database';
import { eventually } from './eventually';
import { createTestVhost } from './vhost';

/** A service that only consumes, with a log and a broker of its own: a test sends it events. */
export interface Subscriber<Tables> {
  /** The service's own database. */
  test: TestDatabase<Tables>;
  /** Writes events to the producer's log, and sends nothing. */
  record(events: readonly EventRow[]): Promise<void>;
  /** Sends events in the given sequence, including duplicates. */
  send(events: readonly EventRow[]): Promise<void>;
  /** Makes the handler fail for these events, after it has written, until `restore`. */
  breakOn(ids: readonly string[]): void;
  restore(): void;
  /** Waits until the messages of this number of events are dead letters. */
  dead(count: number): Promise<void>;
  /** Redrives all dead letters as an operator does; each must then be applied, or be parked for its predecessor. */
  redrive(): Promise<void>;
  /** Waits until all of these events are applied. */
  applied(events: readonly EventRow[]): Promise<void>;
  rebuild(options?: { whole: boolean }): Promise<Rebuilt>;
  /** Swaps the tables of a rebuild back. */
  swapBack(): Promise<Rebuilt>;
  drop(): Promise<void>;
}

/** Starts the consumer of a projection. */
export async function createSubscriber<Tables>(
  projection: Projection,
  migrations: Record<string, Migration>,
): Promise<Subscriber<Tables>> {
  const logger = createLogger({ name: 'test', level: 'silent' });
  const [vhost, log, test] = await Promise.all([
    createTestVhost(),
    createTestDatabase<unknown>(eventLogMigrations),
    createTestDatabase<Tables>({ ...migrations, ...opsMigrations, ...projectionMigrations }),
  ]);
  const broker = await connectBroker({ url: vhost.url, name: 'test', logger });
  const exchange = projection.exchange.name;
  const prepare: Parameters<typeof createPublisher>[1]['prepare'] = (channel) => declareExchange(channel, exchange);
  const publisher = createPublisher(broker, { name: 'test', logger, prepare });
  const database = test.database as TestDatabase<unknown>['database'];
  let broken = new Set<string>();
  const followed = subscriptionFor(projection);
  const subscription = {
    ...followed,
    handleAll: async (events: readonly Envelope[], db: Parameters<NonNullable<typeof followed.handleAll>>[1]) => {
      await followed.handleAll?.(events, db);
      if (events.some(({ id }) => broken.has(id))) throw new Error('broken');
    },
  };
  const consumer = createConsumer({
    broker,
    publisher,
    database,
    consumer: 'test-service',
    subscription,
    logger,
    metrics: createMetrics(),
    retryDelaysMs: [50, 100, 150],
  });
  await consumer.start();
  const source = `/services/${projection.exchange.producer}`;
  const { queue } = queueOf('test-service', subscription);
  const reader = { service: 'test', queue, subscription, users: [broker.user], db: database.kysely as never };
  const operations = createOperations({
    link: broker.consuming,
    publisher,
    readers: [reader],
    logs: [],
    consumers: new Map(),
  });
  const context = { projection, database, log: log.database, subscription: subscription.name };

  return {
    test,
    async record(events) {
      await eventsInsert([...events]).execute(log.database.kysely);
    },
    async send(events) {
      await Promise.all(
        events.map(({ event_id: id, data_version: dataVersion, data, ...event }) =>
          publisher.publish(toMessage({ ...event, id, dataVersion, data: JSON.stringify(data) }, { exchange, source })),
        ),
      );
    },
    breakOn: (ids) => void (broken = new Set(ids)),
    restore: () => broken.clear(),
    dead: (count) =>
      eventually(async () => {
        const ids = new Set((await operations.deadLetters({})).map(({ id }) => id));
        if (ids.size < count) throw new Error(`${ids.size} of ${count} events are dead`);
      }, 60_000),
    async redrive() {
      const { letters, stopped } = await operations.redrive({});
      if (stopped) throw new Error(`The redrive stopped: ${JSON.stringify(letters)}`);
    },
    applied: (events) =>
      eventually(async () => {
        const { rows } = await sql<{ sum: number }>`
          select coalesce(sum(version), 0)::int as sum from inbox_streams`.execute(database.kysely);
        if (rows[0]?.sum !== events.length) throw new Error(`${rows[0]?.sum} of ${events.length} events are applied`);
      }, 60_000),
    rebuild: (options) => rebuild(context, options),
    swapBack: () => swapBack(context),
    async drop() {
      await consumer.stop();
      await publisher.close();
      await broker.close();
      await Promise.all([vhost.drop(), log.drop(), test.drop()]);
    },
  };
}
