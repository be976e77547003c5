import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Kysely } from 'kysely';
import { createCommitNotifier } from '../../lib/eventlog/commit-notifier';
import type { AppEnv } from '../../lib/http/env';
import { newId } from '../../lib/ids/new-id';
import type { Log, Reader } from '../../lib/operations/readers';
import type { ComposedService, ServiceContext, ServiceModule } from '../../lib/service/define-service';
import type { TraceReader } from '../../lib/service/trace';
import { startActivities } from '../activities';
import { readersOf } from '../api/readers';
import { startConsumer } from '../consumers';
import { migrationsOf } from '../modules/databases';
import type { ServicePart } from '../modules/roles';
import { startRelay } from '../relay';
import { openMigrated, temporalOf, type Platform } from './platform';

/** What the API of a process needs from a service that it serves. */
export interface ServedService {
  routes: OpenAPIHono<AppEnv>;
  /** For operators: the subscriptions of the service, and its log. */
  readers: Reader[];
  log?: Log;
  /** For operators: what its databases say about one subject. */
  traces: readonly TraceReader[];
  db: Kysely<unknown>;
}

/** Composes a service, and starts the parts of it that this process runs. */
export async function startService(
  platform: Platform,
  module: ServiceModule,
  parts: ReadonlySet<ServicePart>,
): Promise<ServedService> {
  const { name, exchange } = module;
  const context = await contextOf(platform, module);
  const { database, notifier } = context;
  const composed = await module.compose(context);
  const source = `/services/${name}`;
  if (parts.has('relay') && exchange) await startRelay(platform, { name, exchange, source, database, notifier });
  if (parts.has('consumers')) await startConsuming(platform, module, context, composed);
  if (parts.has('activities')) await startActivities(platform, name, composed.service);
  const { kysely: db } = database;
  return {
    routes: composed.routes,
    readers: readersOf(platform.config, module, module.subscriptions, db),
    db,
    traces: module.trace?.(context) ?? [],
    ...(exchange ? { log: { service: name, exchange: exchange.name, source, db, wake: () => notifier.notify() } } : {}),
  };
}

/** Opens the databases of a service; they are closed with the process. */
async function contextOf(platform: Platform, module: ServiceModule): Promise<ServiceContext<unknown>> {
  const { config, live, addresses, logger, metrics, lifecycle } = platform;
  const { name } = module;
  const open = (database: string, wanted: ServiceModule['migrations']) =>
    openMigrated(platform, database, addresses.database(database), wanted);
  const database = await open(name, migrationsOf(module));
  const notifier = createCommitNotifier(database);
  lifecycle.onStop(`${name} notifier`, () => notifier.close());
  const further = Object.entries(module.databases).map(
    async ([one, declared]) => [one, await open(one, declared.migrations)] as const,
  );
  return {
    database,
    databases: Object.fromEntries(await Promise.all(further)),
    notifier,
    clock: () => new Date(),
    ids: newId,
    settings: config,
    live,
    logger,
    metrics,
    temporal: () => temporalOf(platform).client,
  };
}

/** Starts the consumers of a service, and its background work. */
async function startConsuming(
  platform: Platform,
  { name, consumer, subscriptions }: ServiceModule,
  { database }: ServiceContext<unknown>,
  { background }: ComposedService,
): Promise<void> {
  const broker = await platform.brokerOf(name);
  for (const subscription of subscriptions) await startConsumer(platform, broker, database, consumer, subscription);
  if (!background) return;
  await background.start();
  platform.lifecycle.onStop(`${name} background`, () => background.stop());
}
