import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { connectBroker } from '../../../lib/broker/connection/connection';
import { declareExchange } from '../../../lib/broker/topology/declare';
import { createPublisher } from '../../../lib/broker/publishing/publisher';
import type { Database } from '../../../lib/db/database';
import { migrateToLatest } from '../../../lib/db/migrate';
import { appendEvents } from '../../../lib/eventlog/store';
import { eventLogMigrations } from '../../../lib/eventlog/migrations';
import { createRelay } from '../../../lib/eventlog/relay';
import { createConsumer } from '../../../lib/inbox/processing/consumer';
import { queueOf } from '../../../lib/inbox/processing/queue';
import { ordered } from '../../../lib/inbox/subscription/subscription';
import type { Logger } from '../../../lib/telemetry/logger';
import { createMetrics, type Metrics } from '../../../lib/telemetry/metrics';
import { noteEvents } from '../../lib-support/inbox';
import { checkHistory, type Findings } from '../history';
import { countEvents, selectPublished } from '../platform-store';
import { countApplied, insertApplied, selectApplied, witnessMigrations } from '../witness-store';
import type { Cluster } from './cluster';
import type { Scenario } from './scenarios';

/** The number of streams to which is published, ten times a second. */
export interface Load {
  streams: number;
  /** Events of each stream at least; there are more while the scenario lasts. */
  versions: number;
}

export interface RunOptions {
  cluster: Cluster;
  /** The virtual host of the run, which is made for it. */
  vhost: string;
  /** An empty database. */
  database: Database<unknown>;
  scenario: Scenario;
  load: Load;
  logger: Logger;
}

/** What a run has shown. */
export interface RunResult {
  findings: Findings;
  /** What was done to the cluster. */
  done: string;
  channelsReplaced: number;
  /** From the last append, or the end of the scenario, until everything was applied. */
  workedOffMs: number;
}

/** After this time, what is missing counts as lost. */
const withinMs = 120_000;
const pauseMs = 100;

const subscription = ordered<unknown>()({
  name: 'cluster',
  version: 1,
  from: noteEvents,
  on: { 'note.taken': (_, db, event) => insertApplied(db as Kysely<unknown>, 'cluster', event) },
});

/** Relay and consumer at work, connected with all nodes, while the scenario takes its course. */
export async function runScenario(options: RunOptions): Promise<RunResult> {
  const { cluster, vhost, database, scenario, load, logger } = options;
  await migrateToLatest(database, { ...witnessMigrations, ...eventLogMigrations });
  const { urls, drop } = await cluster.createVhost(vhost);
  const metrics = createMetrics();
  const broker = await connectBroker({ url: urls, name: 'cluster', logger });
  const prepare = (channel: Parameters<typeof declareExchange>[0]) => declareExchange(channel, noteEvents.name);
  const publisher = createPublisher(broker, { name: 'cluster', logger, metrics, prepare });
  const consumer = createConsumer({ broker, publisher, database, consumer: 'reader', subscription, logger, metrics });
  const to = { exchange: noteEvents.name, source: '/cluster', owner: 'cluster' };
  const relay = createRelay({ database, publisher, logger, metrics, ...to });
  await consumer.start();
  await relay.start();

  const db = database.kysely;
  const over = new AbortController();
  const appending = append(database, load, over.signal);
  await until(async () => (await countApplied(db)) > (load.streams * load.versions) / 10);
  const { queue } = queueOf('reader', subscription);
  const done = await scenario(cluster, await cluster.membersOf(vhost, queue)).finally(() => over.abort());
  await appending;
  const ended = Date.now();
  await until(async () => (await countApplied(db)) >= (await countEvents(db)));
  const workedOffMs = Date.now() - ended;

  await consumer.stop();
  await relay.stop();
  await publisher.close();
  await broker.close();
  await drop();
  const read = [{ subscription: 'cluster', ordered: true }];
  const findings = checkHistory(await selectPublished(db), await selectApplied(db), read);
  return { findings, done, channelsReplaced: await countReplaced(metrics), workedOffMs };
}

/** Load until the scenario is over, and at least as much as is asked for. */
async function append({ kysely }: Database<unknown>, { streams, versions }: Load, over: AbortSignal): Promise<void> {
  for (let version = 0; version < versions || !over.aborted; version += 1) {
    const events = [{ type: 'note.taken', dataVersion: 1, data: { text: 'milk' } }];
    const appends = Array.from({ length: streams }, (_, index) => ({
      stream: `note-${index}`,
      expectedVersion: version,
      events,
    }));
    await appendEvents(kysely, appends);
    await sleep(pauseMs);
  }
}

/** Waits for it, as long as it makes sense; what is missing then, the history shows. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await isSo()) && Date.now() < deadline) await sleep(pauseMs);
}

async function countReplaced({ registry }: Metrics): Promise<number> {
  const { values } = (await registry.getSingleMetric('messaging_channel_replacements_total')?.get()) ?? {};
  return (values ?? []).reduce((total, { value }) => total + value, 0);
}
