import type { OpenAPIHono } from '@hono/zod-openapi';
import { v7 as uuidv7 } from 'uuid';
import { taskQueues } from '../../contracts/saga/task-queues';
import { createPublisher } from '../../lib/broker/publisher';
import { exchangeTopology } from '../../lib/broker/topology';
import { createRelay } from '../../lib/eventlog/relay';
import { createWaker } from '../../lib/eventlog/wake';
import type { AppEnv } from '../../lib/http/env';
import { queueOf } from '../../lib/inbox/consumer';
import { opsMigrations } from '../../lib/ops/migrations';
import { projectionMigrations } from '../../lib/projections/migrations';
import type { Log, Reader } from '../../lib/ops/readers';
import { createActivityWorker } from '../../lib/temporal/worker';
import { openMigrated, type Platform } from '../platform';
import type { ServicePart } from '../roles';
import type { ServiceDefinition } from '../service';
import { consumerName, startConsumer } from './consumer';

/** What the API of a process needs of a service that it serves. */
export interface ServedService {
  routes: OpenAPIHono<AppEnv>;
  /** For operators: what the service hears, and what it publishes. */
  readers: Reader[];
  log: Log;
}

/** Starts the parts of a service that this process runs. */
export async function startService(
  platform: Platform,
  service: ServiceDefinition,
  parts: ReadonlySet<ServicePart>,
): Promise<ServedService> {
  const { config, logger, metrics, lifecycle, temporal, owner } = platform;
  const { name, exchange } = service;
  const database = await openMigrated(platform, name, service.databaseUrl(config), {
    ...service.migrations,
    ...opsMigrations,
    ...projectionMigrations,
  });
  const waker = createWaker(database);
  lifecycle.onStop(`${name} waker`, () => waker.close());

  const { routes, activities } = await service.compose({
    database,
    waker,
    clock: () => new Date(),
    ids: uuidv7,
    config,
    temporal: () => temporal.client,
    open: (databaseName, url, migrations) => openMigrated(platform, databaseName, url, migrations),
  });

  const source = `/services/${name}`;
  if (parts.has('relay')) {
    const publisher = createPublisher(await platform.brokerOf(name), {
      name: `${exchange.name} relay`,
      logger,
      prepare: () => platform.declare(exchangeTopology(exchange.name)),
    });
    const relay = createRelay({ database, exchange: exchange.name, source, publisher, waker, logger, metrics, owner });
    lifecycle.onStop(`${exchange.name} publisher`, () => publisher.close());
    await relay.start();
    lifecycle.onStop(`${exchange.name} relay`, () => relay.stop());
  }
  if (parts.has('consumers')) {
    const broker = await platform.brokerOf(name);
    for (const subscription of service.subscriptions) {
      await startConsumer(platform, broker, database, consumerName(name), subscription);
    }
  }
  if (parts.has('activities') && name in taskQueues && Object.keys(activities).length > 0) {
    const taskQueue = taskQueues[name as keyof typeof taskQueues];
    const worker = await createActivityWorker({ temporal, taskQueue, activities });
    worker.start();
    lifecycle.onStop(`${name} activities`, () => worker.stop());
  }
  const { kysely: db } = database;
  return {
    routes,
    readers: service.subscriptions.map((subscription) => ({
      service: name,
      queue: queueOf(consumerName(name), subscription).queue,
      subscription,
      db,
    })),
    log: { service: name, exchange: exchange.name, source, db, wake: () => waker.wake() },
  };
}
