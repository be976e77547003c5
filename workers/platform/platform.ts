import type { Migration } from 'kysely/migration';
import type { Pool } from 'pg';
import type { Broker } from '../../lib/broker/connection/connection';
import type { Declare } from '../../lib/broker/topology/declare';
import type { Live } from '../../lib/config/live';
import type { LiveSettings } from '../../lib/config/live-settings';
import type { DatabaseAddress } from '../../lib/db/address';
import { openDatabase, type Database } from '../../lib/db/database';
import { watchDatabase } from '../../lib/db/health';
import { tryAddress } from '../../lib/db/try-address';
import type { Consumer } from '../../lib/inbox/processing/consumer';
import type { Lifecycle } from '../../lib/lifecycle/lifecycle';
import type { Logger } from '../../lib/telemetry/logger';
import type { Metrics } from '../../lib/telemetry/metrics';
import type { TemporalConnection } from '../../lib/temporal/client';
import type { BrokerOf } from './brokers';
import type { Addresses } from '../config/addresses';
import { variableOf, type PlatformConfig } from '../config/config';
import { migrateDatabase } from './migrate-database';
import type { Needs } from './readiness';

/** What all roles of one process share. */
export interface Platform {
  /** As it was at start: read secrets with `live`, and connect to `addresses`. */
  config: PlatformConfig;
  /** A setting whose value may change: a secret in a file. */
  live: LiveSettings<PlatformConfig>;
  addresses: Addresses;
  logger: Logger;
  metrics: Metrics;
  lifecycle: Lifecycle;
  /** Connected as the user of RABBITMQ_URL: the administrator, where services have users of their own. */
  broker: Broker;
  /** Connected as the user of a service, or of the bridge. */
  brokerOf: BrokerOf;
  /** Declares as the user of RABBITMQ_URL. */
  declare: Declare;
  /** The consumers in this process, by queue, for operators. */
  consumers: Map<string, Pick<Consumer, 'held'>>;
  /** The steps of sagas whose owners run in this process, by the names of their activities. */
  steps: Map<string, (...args: never[]) => Promise<unknown>>;
  /** Whether this process runs the saga worker and every owner of steps. */
  ownersAreHere: boolean;
  /** Of the databases that this process works with. */
  pools: Pool[];
  /** The databases whose log or audit log this process could change. */
  unprotected: Set<string>;
  /** Not in a process that runs only services that listen: they have no part in sagas. */
  temporal: TemporalConnection | undefined;
  /** What this process needs to be ready. */
  needs: Needs;
  /** The name of this process, for operators. */
  owner: string;
}

/** What opens databases, and has them closed and looked after. */
export type DatabaseHost = Pick<
  Platform,
  'addresses' | 'config' | 'lifecycle' | 'logger' | 'needs' | 'pools' | 'unprotected'
>;

/** @throws when this process has no connection, as nothing was to run in it that needs one. */
export function temporalOf({ temporal }: Pick<Platform, 'temporal'>): TemporalConnection {
  if (!temporal) throw new Error('This process has no connection to Temporal: none of its roles needs one');
  return temporal;
}

/**
 * Opens and migrates a database, adds it to readiness, and closes it with the process.
 * @throws when its URL is not configured: a process needs only the databases of its roles.
 */
export async function openMigrated<T>(
  { addresses, config, lifecycle, logger, needs, pools, unprotected }: DatabaseHost,
  name: string,
  address: Live<DatabaseAddress> | undefined,
  migrations: Record<string, Migration>,
): Promise<Database<T>> {
  if (!address) throw new Error(`${variableOf(name, 'DATABASE_URL')} is not set, and this role needs it`);
  const database = openDatabase<T>({
    url: address,
    name,
    lockTimeoutMs: config.LOCK_TIMEOUT_MS,
    queryTimeoutMs: config.QUERY_TIMEOUT_MS,
    onError: (error) => logger.warn({ database: name, reason: error.message }, 'lost an idle connection'),
  });
  pools.push(database.pool);
  lifecycle.onStop(`${name} database`, () => database.close());
  lifecycle.onStop(`${name} database login`, address.addCheck(tryAddress));
  await migrateDatabase({ logger, unprotected }, { name, database, owner: addresses.databaseOwner(name) }, migrations);
  const health = watchDatabase({ url: address, name }, migrations);
  lifecycle.onStop(`${name} database health`, () => health.close());
  lifecycle.addReadiness(`${name} database`, needs.database(name), () => health.check());
  return database;
}
