import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Client } from '@temporalio/client';
import type { Migration } from 'kysely/migration';
import type { z } from 'zod';
import type { LiveSettings } from '../config/live-settings';
import type { Database } from '../db/database';
import type { CommitNotifier } from '../eventlog/commit-notifier';
import type { Exchange } from '../events/exchange';
import type { AppEnv } from '../http/env';
import type { SubscriptionDeclaration, Subscription } from '../inbox/subscription/subscription';
import type { Projection } from '../projections/projection';
import { subscriptionFor } from '../projections/rows';
import type { Logger } from '../telemetry/logger';
import type { Metrics } from '../telemetry/metrics';
import type { TraceReader } from './trace';

/** A participant in the platform: all names, permissions and needs are derived from these fields. */
export interface Participant {
  /** Its role, its database, its broker user, and the first word of its variables. */
  readonly name: string;
  /** The first part of its queues' names: `note-service` consumes `user-events` from `note-service-user-events`. */
  readonly consumer: string;
  /** Earlier values of `consumer`: messages in queues of those names are moved (`topology apply`). */
  readonly formerConsumers?: readonly string[];
  /** Where its events are published; without it, the service has no log and only consumes. */
  readonly exchange?: Exchange;
  readonly migrations: Record<string, Migration>;
  /** Databases besides its own, by name. */
  readonly databases: Readonly<Record<string, FurtherDatabase<unknown>>>;
  /** Its own environment variables, each with its schema. */
  readonly settings: z.ZodRawShape;
  /** Its subscriptions to events of others; known before it is composed, so that queues exist before events. */
  readonly subscriptions: readonly SubscriptionDeclaration[];
}

/** What the platform passes to a service when it is composed. */
export interface ServiceContext<Tables, Settings = unknown, Databases = unknown> {
  database: Database<Tables>;
  /** The further databases that it declares, migrated. */
  databases: Databases;
  /** Notifies the relay of the service's log. */
  notifier: CommitNotifier;
  clock: () => Date;
  ids: () => string;
  /** The values of the service's own variables, as they were at start. */
  settings: Settings;
  /** A variable whose value may change: a secret in a file. */
  live: LiveSettings<Settings>;
  logger: Logger;
  metrics: Metrics;
  /** For services that call sagas. */
  temporal: () => Client;
}

/** A composed service: the parts that the platform runs. */
export interface ComposedService<Service = unknown> {
  /** Its operations, called by steps of sagas (`activities/`). */
  service?: Service;
  routes: OpenAPIHono<AppEnv>;
  /** Background work, for as long as the process consumes for this service. */
  background?: Background;
}

/** Something that runs until the process drains. */
export interface Background {
  start(): void | Promise<void>;
  stop(): Promise<void>;
}

/** Several kinds of background work as one. */
export const together = (...all: readonly Background[]): Background => ({
  start: async () => {
    for (const one of all) await one.start();
  },
  stop: async () => {
    await Promise.all(all.map((one) => one.stop()));
  },
});

/** A service as the platform sees it: its name, its log, its tables, its parts. */
export interface ServiceModule<Service = unknown> extends Participant {
  readonly kind: 'service';
  /** Its read models. Those of its own events are written together with the events; the others have a subscription. */
  readonly projections: readonly Projection[];
  /** Its subscriptions, with their handlers. */
  readonly subscriptions: readonly Subscription[];
  compose(context: ServiceContext<unknown>): ComposedService<Service> | Promise<ComposedService<Service>>;
  /** What it offers to those who look into one subject; a service without it has no part in explanations. */
  trace?(context: Pick<ServiceContext<unknown>, 'database' | 'databases'>): readonly TraceReader[];
}

/** What a module declares of its service. */
interface Declared<Tables, Shape extends z.ZodRawShape, Databases, Service> extends Pick<
  Participant,
  'name' | 'consumer' | 'formerConsumers' | 'exchange' | 'migrations'
> {
  databases?: Databases;
  settings?: Shape;
  projections: readonly Projection[];
  /** What it does on events of others, besides its projections. */
  reactions?: readonly Subscription[];
  compose(
    context: ServiceContext<Tables, z.infer<z.ZodObject<Shape>>, OpenedDatabases<Databases>>,
  ): ComposedService<Service> | Promise<ComposedService<Service>>;
  /** What it offers to those who look into one subject; each reader reads one database. */
  trace?: (
    context: Pick<ServiceContext<Tables, unknown, OpenedDatabases<Databases>>, 'database' | 'databases'>,
  ) => readonly TraceReader[];
}

/** Declares a service over its own tables; its declaration shows all that it needs from the platform. */
export const defineService =
  <Tables>() =>
  <Shape extends z.ZodRawShape, Databases extends Record<string, FurtherDatabase<unknown>>, Service = unknown>({
    reactions = [],
    databases,
    settings,
    trace,
    ...declared
  }: Declared<Tables, Shape, Databases, Service>): ServiceModule<Service> => ({
    ...declared,
    kind: 'service',
    databases: databases ?? {},
    settings: settings ?? {},
    subscriptions: [
      ...declared.projections.filter(({ exchange }) => exchange.name !== declared.exchange?.name).map(subscriptionFor),
      ...reactions,
    ],
    // The databases opened for a service have the tables of its own migrations, and its settings were parsed with the
    // schemas that it declared.
    compose: (context) => declared.compose(context as Parameters<typeof declared.compose>[0]),
    ...(trace ? { trace: (context) => trace(context as Parameters<typeof trace>[0]) } : {}),
  });

/** Whether an export of a module was created by `defineService`. */
export const isServiceModule = (exported: unknown): exported is ServiceModule =>
  typeof exported === 'object' && exported !== null && 'kind' in exported && exported.kind === 'service';

/** A further database of a service, for a part that could become a service of its own. */
export interface FurtherDatabase<Tables> {
  readonly migrations: Record<string, Migration>;
  /** Only a type: the tables that the migrations create. */
  readonly tables?: Tables;
}

/**
 * Declares a further database over its tables.
 * @example databases: { gateway: furtherDatabase<GatewayTables>(migrations) }
 */
export const furtherDatabase = <Tables>(migrations: Record<string, Migration>): FurtherDatabase<Tables> => ({
  migrations,
});

/** Declared databases, opened. */
export type OpenedDatabases<Declared> = {
  readonly [Name in keyof Declared]: Declared[Name] extends FurtherDatabase<infer Tables> ? Database<Tables> : never;
};
