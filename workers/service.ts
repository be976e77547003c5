import type { Client } from '@temporalio/client';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Migration } from 'kysely/migration';
import type { z } from 'zod';
import type { Exchange } from '../lib/events/exchange';
import type { Database } from '../lib/db/database';
import type { Waker } from '../lib/eventlog/wake';
import type { Logger } from '../lib/telemetry/logger';
import type { Metrics } from '../lib/telemetry/metrics';
import type { AppEnv } from '../lib/http/env';
import type { Subscription } from '../lib/inbox/subscription/subscription';
import { live } from '../lib/projections/subscription-for';
import type { Projection } from '../lib/projections/projection';
import type { PlatformConfig } from './config';
import type { DatabaseName, ServiceName } from './roles';

/** What the platform hands to a service when it is put together. */
export interface ServiceContext<Tables, Settings = unknown> {
  database: Database<Tables>;
  /** Wakes the relay of the service's log. */
  waker: Waker;
  clock: () => Date;
  ids: () => string;
  config: PlatformConfig;
  /** What the service's own variables say. */
  settings: Settings;
  logger: Logger;
  metrics: Metrics;
  /** For services that ask sagas. */
  temporal: () => Client;
  /** Opens a further database, up to date, that is closed with the process. */
  open<T>(name: DatabaseName, url: string | undefined, migrations: Record<string, Migration>): Promise<Database<T>>;
}

/** What a service gives back: the parts that the platform runs. */
export interface ServiceInstance {
  routes: OpenAPIHono<AppEnv>;
  /** Steps of sagas. */
  activities?: object;
  /** Work besides, for as long as the process consumes for this service. */
  background?: Background;
}

/** Something that goes on until the process drains. */
export interface Background {
  start(): void | Promise<void>;
  stop(): Promise<void>;
}

/** A service as the platform sees it: its name, its log, its tables, its parts. */
export interface ServiceDefinition {
  name: ServiceName;
  /** The first part of its queues' names: `order-service` hears `user-events` on `order-service-user-events`. */
  consumer: string;
  /** Earlier values of `consumer`: what waits in queues of those names is moved (`sagaworks topology apply`). */
  formerConsumers?: readonly string[];
  /** Where the service's events are published; without one it has no log, and only listens. */
  exchange?: Exchange;
  migrations: Record<string, Migration>;
  /** Its read models. Those of its own events are written together with them; the others follow their subscription. */
  projections: readonly Projection[];
  /** Variables of its own, one shape each. */
  settings: z.ZodRawShape;
  /** What the service hears of others; known before it is put together, so that queues are there before events. */
  subscriptions: readonly Subscription[];
  compose(context: ServiceContext<unknown>): ServiceInstance | Promise<ServiceInstance>;
}

/** Declares a service over its own tables; what it needs from the platform is visible in these lines. */
export const defineService = <Tables, Shape extends z.ZodRawShape = z.ZodRawShape>({
  reactions = [],
  settings,
  ...definition
}: Omit<ServiceDefinition, 'compose' | 'subscriptions' | 'settings'> & {
  /** What it does when something happens elsewhere, besides its projections. */
  reactions?: readonly Subscription[];
  settings?: Shape;
  compose(context: ServiceContext<Tables, z.infer<z.ZodObject<Shape>>>): ServiceInstance | Promise<ServiceInstance>;
}): ServiceDefinition => ({
  ...definition,
  settings: settings ?? {},
  subscriptions: [
    ...definition.projections.filter(({ exchange }) => exchange.name !== definition.exchange?.name).map(live),
    ...reactions,
  ],
  // The database that is opened for a service has the tables that its own migrations made, and its settings were
  // parsed by the shapes it declared.
  compose: (context) => definition.compose(context as Parameters<typeof definition.compose>[0]),
});
