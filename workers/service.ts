import type { Client } from '@temporalio/client';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Migration } from 'kysely';
import type { Exchange } from '../contracts/events';
import type { Database } from '../lib/db/database';
import type { Waker } from '../lib/eventlog/wake';
import type { AppEnv } from '../lib/http/env';
import type { Subscription } from '../lib/inbox/subscription';
import { live } from '../lib/projections/live';
import type { Projection } from '../lib/projections/projection';
import type { PlatformConfig } from './config';
import type { ServiceName } from './roles';

/** What the platform hands to a service when it is put together. */
export interface ServiceContext<Tables> {
  database: Database<Tables>;
  waker: Waker;
  clock: () => Date;
  ids: () => string;
  config: PlatformConfig;
  /** For services that ask sagas. */
  temporal: () => Client;
  /** Opens a further database, up to date, that is closed with the process. */
  open<T>(name: string, url: string | undefined, migrations: Record<string, Migration>): Promise<Database<T>>;
}

/** What a service gives back: the parts that the platform runs. */
export interface ServiceInstance {
  routes: OpenAPIHono<AppEnv>;
  activities: object;
}

/** A service as the platform sees it: its name, its log, its tables, its parts. */
export interface ServiceDefinition {
  name: ServiceName;
  /** Where the service's events are published. */
  exchange: Exchange;
  migrations: Record<string, Migration>;
  /** Its read models. Those of its own events are written together with them; the others follow their subscription. */
  projections: readonly Projection[];
  /** What the service hears of others; known before it is put together, so that queues are there before events. */
  subscriptions: readonly Subscription[];
  databaseUrl: (config: PlatformConfig) => string | undefined;
  compose(context: ServiceContext<unknown>): ServiceInstance | Promise<ServiceInstance>;
}

/** Declares a service over its own tables; what it needs from the platform is visible in these lines. */
export const defineService = <Tables>(
  definition: Omit<ServiceDefinition, 'compose' | 'subscriptions'> & {
    compose(context: ServiceContext<Tables>): ServiceInstance | Promise<ServiceInstance>;
  },
): ServiceDefinition => ({
  ...definition,
  subscriptions: definition.projections.filter(({ exchange }) => exchange.name !== definition.exchange.name).map(live),
  // The database that is opened for a service has the tables that its own migrations made.
  compose: (context) => definition.compose(context as ServiceContext<Tables>),
});
