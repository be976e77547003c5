import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Client } from '@temporalio/client';
import type { Migration } from 'kysely/migration';
import type { z } from 'zod';
import type { Database } from '../db/database';
import type { Waker } from '../eventlog/wake';
import type { Exchange } from '../events/exchange';
import type { AppEnv } from '../http/env';
import type { SubscriptionDeclaration, Subscription } from '../inbox/subscription/subscription';
import type { Projection } from '../projections/projection';
import { subscriptionFor } from '../projections/subscription-for';
import type { Logger } from '../telemetry/logger';
import type { Metrics } from '../telemetry/metrics';
import type { FurtherDatabase, OpenedDatabases } from './further-database';

/** What takes part in the platform: all names, permissions and needs are derived from these fields. */
export interface Participant {
  /** Its role, its database, its broker user, and the first word of its variables. */
  readonly name: string;
  /** The first part of its queues' names: `note-service` hears `user-events` on `note-service-user-events`. */
  readonly consumer: string;
  /** Earlier values of `consumer`: what waits in queues of those names is moved (`topology apply`). */
  readonly formerConsumers?: readonly string[];
  /** Where its events are published; without one it has no log, and only listens. */
  readonly exchange?: Exchange;
  readonly migrations: Record<string, Migration>;
  /** Databases besides its own, by name. */
  readonly databases: Readonly<Record<string, FurtherDatabase<unknown>>>;
  /** Environment variables of its own, one shape each. */
  readonly settings: z.ZodRawShape;
  /** What it hears of others; known before it is put together, so that queues are there before events. */
  readonly hears: readonly SubscriptionDeclaration[];
}

/** What the platform hands to a service when it is put together. */
export interface ServiceContext<Tables, Settings = unknown, Databases = unknown> {
  database: Database<Tables>;
  /** The further databases that it declares, up to date. */
  databases: Databases;
  /** Wakes the relay of the service's log. */
  waker: Waker;
  clock: () => Date;
  ids: () => string;
  /** What the service's own variables say. */
  settings: Settings;
  logger: Logger;
  metrics: Metrics;
  /** For services that ask sagas. */
  temporal: () => Client;
}

/** A service that is put together: the parts that the platform runs. */
export interface ComposedService<Service = unknown> {
  /** What it can do; steps of sagas call it (`activities/`). */
  service?: Service;
  routes: OpenAPIHono<AppEnv>;
  /** Work besides, for as long as the process consumes for this service. */
  background?: Background;
}

/** Something that goes on until the process drains. */
export interface Background {
  start(): void | Promise<void>;
  stop(): Promise<void>;
}

/** A service as the platform sees it: its name, its log, its tables, its parts. */
export interface ServiceModule<Service = unknown> extends Participant {
  readonly kind: 'service';
  /** Its read models. Those of its own events are written together with them; the others follow their subscription. */
  readonly projections: readonly Projection[];
  /** What it hears, with its handlers. */
  readonly hears: readonly Subscription[];
  compose(context: ServiceContext<unknown>): ComposedService<Service> | Promise<ComposedService<Service>>;
}

/** What a module says of its service. */
interface Declared<Tables, Shape extends z.ZodRawShape, Databases, Service> extends Pick<
  Participant,
  'name' | 'consumer' | 'formerConsumers' | 'exchange' | 'migrations'
> {
  databases?: Databases;
  settings?: Shape;
  projections: readonly Projection[];
  /** What it does when something happens elsewhere, besides its projections. */
  reactions?: readonly Subscription[];
  compose(
    context: ServiceContext<Tables, z.infer<z.ZodObject<Shape>>, OpenedDatabases<Databases>>,
  ): ComposedService<Service> | Promise<ComposedService<Service>>;
}

/** Declares a service over its own tables; what it needs from the platform is visible in these lines. */
export const defineService =
  <Tables>() =>
  <Shape extends z.ZodRawShape, Databases extends Record<string, FurtherDatabase<unknown>>, Service = unknown>({
    reactions = [],
    databases,
    settings,
    ...declared
  }: Declared<Tables, Shape, Databases, Service>): ServiceModule<Service> => ({
    ...declared,
    kind: 'service',
    databases: databases ?? {},
    settings: settings ?? {},
    hears: [
      ...declared.projections.filter(({ exchange }) => exchange.name !== declared.exchange?.name).map(subscriptionFor),
      ...reactions,
    ],
    // The databases that are opened for a service have the tables that its own migrations made, and its settings were
    // parsed by the shapes it declared.
    compose: (context) => declared.compose(context as Parameters<typeof declared.compose>[0]),
  });

/** Whether something that a module exports was made by `defineService`. */
export const isServiceModule = (exported: unknown): exported is ServiceModule =>
  typeof exported === 'object' && exported !== null && 'kind' in exported && exported.kind === 'service';
