import type { OpenAPIHono } from '@hono/zod-openapi';
import { v7 as uuidv7 } from 'uuid';
import { taskQueues } from '../../contracts/saga/task-queues';
import { createPublisher } from '../../lib/broker/publisher';
import { exchangeTopology } from '../../lib/broker/topology';
import { createRelay } from '../../lib/eventlog/relay';
import { createWaker } from '../../lib/eventlog/wake';
import type { AppEnv } from '../../lib/http/env';
import { createActivityWorker } from '../../lib/temporal/worker';
import { openMigrated, type Platform } from '../platform';
import type { ServicePart } from '../roles';
import type { ServiceDefinition } from '../service';
import { consumerName, startConsumer } from './consumer';

/**
 * Starts the parts of a service that this process runs.
 * Gives back its routes: the API serves those of all its services on one port.
 */
export async function startService(
  platform: Platform,
  service: ServiceDefinition,
  parts: ReadonlySet<ServicePart>,
): Promise<OpenAPIHono<AppEnv>> {
  const { config, logger, metrics, lifecycle, temporal, owner } = platform;
  const { name, exchange } = service;
  const database = await openMigrated(platform, name, service.databaseUrl(config), service.migrations);
  const waker = createWaker(database);
  lifecycle.onStop(`${name} waker`, () => waker.close());

  const { routes, activities } = await service.compose({
    database,
    waker,
    clock: () => new Date(),
    ids: uuidv7,
    config,
    open: (databaseName, url, migrations) => openMigrated(platform, databaseName, url, migrations),
  });

  if (parts.has('relay')) {
    const publisher = createPublisher(await platform.brokerOf(name), {
      name: `${exchange.name} relay`,
      logger,
      prepare: () => platform.declare(exchangeTopology(exchange.name)),
    });
    const source = `/services/${name}`;
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
  return routes;
}
