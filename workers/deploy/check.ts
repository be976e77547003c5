import { join } from 'node:path';
import pino from 'pino';
import { exchanges } from '../../contracts/events';
import type { BrokerUrl } from '../../lib/broker/connection/address';
import { connectBroker } from '../../lib/broker/connection/connection';
import type { DatabaseUrl } from '../../lib/db/address';
import { openDatabase, type Queryable } from '../../lib/db/database';
import { connectTemporal, type TemporalOptions } from '../../lib/temporal/client';
import type { ReplayedWorkflows } from '../../lib/temporal/replay';
import { installRuntime } from '../../lib/temporal/runtime';
import { readModels } from '../modules/read-models';
import type { CheckResult } from './check-result';
import { listeners } from './consumers';
import { checkMessages } from './messages';
import { checkParked } from './parked';
import { checkSagas } from './sagas';
import { checkStreams } from './streams';

export interface DeployCheck {
  temporal: Pick<TemporalOptions, 'address' | 'namespace' | 'payloadKeys' | 'payloads' | 'access'>;
  amqpUrl: BrokerUrl;
  /** The URL of a service's database. */
  urlOf: (service: string) => DatabaseUrl;
  /** The delays before messages are retried. */
  delaysMs: readonly number[];
  /** How many streams of each log are checked. */
  sample: number;
  /** The workflows to replay on; by default those of this code. */
  workflows?: ReplayedWorkflows | undefined;
}

/** The compatibility of this code with what is in progress, by kind. */
export type DeployReport = Record<'sagas' | 'messages' | 'parked' | 'streams', CheckResult>;

/** It reads whole logs. */
const unlimited = { poolSize: 1, queryTimeoutMs: 0 };

/** Checks, without changing anything. @throws `unavailable` when Temporal, the broker or a database does not answer. */
export async function checkDeploy(options: DeployCheck): Promise<DeployReport> {
  const { temporal, amqpUrl, urlOf, delaysMs, sample, workflows = join(__dirname, '../../workflows') } = options;
  const logger = pino({ level: 'silent' });
  installRuntime(logger);
  const consumers = listeners();
  const named = new Set<string>([
    ...Object.values(exchanges).map(({ producer }) => producer),
    ...consumers.map((one) => one.service),
  ]);
  const databases = new Map(
    Array.from(named, (name) => [
      name,
      openDatabase<unknown>({ ...unlimited, url: urlOf(name), name: 'deploy check' }),
    ]),
  );
  const dbOf = (name: string): Queryable => {
    const database = databases.get(name);
    if (!database) throw new Error(`The database of ${name} is not open`);
    return database.kysely;
  };
  const connection = await connectTemporal({ ...temporal, logger, attempts: 2 });
  const broker = await connectBroker({ url: amqpUrl, name: 'sagaworks deploy check', logger });
  try {
    const logs = Object.values(exchanges).map((exchange) => {
      const projections = readModels().filter(({ producer }) => producer === exchange.producer);
      return { exchange, db: dbOf(exchange.producer), projections: projections.map(({ projection }) => projection) };
    });
    return {
      sagas: await checkSagas(connection.client, workflows, connection.dataConverter),
      messages: await checkMessages(broker.consuming, consumers, delaysMs),
      parked: await checkParked(consumers, dbOf),
      streams: await checkStreams(logs, sample),
    };
  } finally {
    await broker.close();
    await connection.close();
    await Promise.all(Array.from(databases.values(), (database) => database.close()));
  }
}
