import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Kysely } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Exchange } from '../../lib/events/exchange';
import { taskQueues } from '../../contracts/saga/task-queues';
import { createPublisher } from '../../lib/broker/publishing/publisher';
import type { Database } from '../../lib/db/database';
import { createRelay } from '../../lib/eventlog/relay';
import { createWaker, type Waker } from '../../lib/eventlog/wake';
import type { AppEnv } from '../../lib/http/env';
import { queueOf } from '../../lib/inbox/processing/consumer';
import { opsMigrations } from '../../lib/operations/migrations';
import { projectionMigrations } from '../../lib/projections/migrations';
import type { Log, Reader } from '../../lib/operations/readers';
import { createActivityWorker } from '../../lib/temporal/worker';
import { variableOf } from '../config';
import { openMigrated, temporalOf, type Platform } from '../platform';
import type { ServiceName, ServicePart } from '../roles';
import type { ServiceDefinition } from '../service';
import { letterWriters } from '../brokers';
import { publishingTopology } from '../topology';
import { startConsumer } from './consumer';

/** What the API of a process needs of a service that it serves. */
export interface ServedService {
  routes: OpenAPIHono<AppEnv>;
  /** For operators: what the service hears, and what it publishes. */
  readers: Reader[];
  log?: Log;
  db: Kysely<unknown>;
}

/** Starts the parts of a service that this process runs. */
export async function startService(
  platform: Platform,
  service: ServiceDefinition,
  parts: ReadonlySet<ServicePart>,
): Promise<ServedService> {
  const { config, logger, metrics, lifecycle } = platform;
  const { name } = service;
  const database = await openMigrated(platform, name, config[variableOf(name, 'DATABASE_URL')], {
    ...service.migrations,
    ...opsMigrations,
    ...projectionMigrations,
  });
  const waker = createWaker(database);
  lifecycle.onStop(`${name} waker`, () => waker.close());

  const {
    routes,
    activities = {},
    background,
  } = await service.compose({
    database,
    waker,
    clock: () => new Date(),
    ids: uuidv7,
    config,
    settings: config,
    logger,
    metrics,
    temporal: () => temporalOf(platform).client,
    open: (databaseName, url, migrations) => openMigrated(platform, databaseName, url, migrations),
  });

  const source = `/services/${name}`;
  const { exchange } = service;
  if (parts.has('relay') && exchange) await startRelay(platform, { name, exchange, source, database, waker });
  if (parts.has('consumers')) {
    const broker = await platform.brokerOf(name);
    for (const subscription of service.subscriptions) {
      await startConsumer(platform, broker, database, service.consumer, subscription);
    }
    if (background) {
      await background.start();
      lifecycle.onStop(`${name} background`, () => background.stop());
    }
  }
  if (parts.has('activities') && name in taskQueues && Object.keys(activities).length > 0) {
    const taskQueue = taskQueues[name as keyof typeof taskQueues];
    const worker = await createActivityWorker({ temporal: temporalOf(platform), taskQueue, activities });
    worker.start();
    lifecycle.onStop(`${name} activities`, () => worker.stop());
  }
  const { kysely: db } = database;
  return {
    routes,
    readers: service.subscriptions.map((subscription) => ({
      service: name,
      queue: queueOf(service.consumer, subscription).queue,
      subscription,
      users: letterWriters(config, name, subscription),
      db,
    })),
    db,
    ...(exchange ? { log: { service: name, exchange: exchange.name, source, db, wake: () => waker.wake() } } : {}),
  };
}

interface PublishedLog {
  name: ServiceName;
  exchange: Exchange;
  source: string;
  database: Database<unknown>;
  waker: Waker;
}

/** Publishes a service's log, as the service's own user. */
async function startRelay(platform: Platform, { name, exchange, ...log }: PublishedLog): Promise<void> {
  const { logger, metrics, lifecycle, owner } = platform;
  const publisher = createPublisher(await platform.brokerOf(name), {
    name: `${exchange.name} relay`,
    logger,
    metrics,
    // With each channel: a broker that has lost its data gets it back.
    prepare: () => platform.declare(publishingTopology(exchange)),
  });
  const relay = createRelay({ ...log, exchange: exchange.name, publisher, logger, metrics, owner });
  lifecycle.onStop(`${exchange.name} publisher`, () => publisher.close());
  await relay.start();
  lifecycle.onStop(`${exchange.name} relay`, () => relay.stop());
}
