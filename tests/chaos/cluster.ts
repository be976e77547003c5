import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { anyPorts } from '../../infra/local/ports';
import { startStack } from '../../infra/local/stack';
import { createSteps, describeError } from '../../infra/local/steps';
import { connectBroker } from '../../lib/broker/connection';
import { createPublisher } from '../../lib/broker/publisher';
import { declareExchange } from '../../lib/broker/declare';
import { openDatabase, type Database } from '../../lib/db/database';
import { migrateToLatest } from '../../lib/db/migrate';
import { appendEvents } from '../../lib/eventlog/append';
import { eventLogMigrations } from '../../lib/eventlog/migrations';
import { createRelay } from '../../lib/eventlog/relay';
import { createConsumer, queueOf } from '../../lib/inbox/consumer';
import { ordered } from '../../lib/inbox/ordered';
import { createLogger } from '../../lib/telemetry/logger';
import { createMetrics } from '../../lib/telemetry/metrics';
import { noteEvents } from '../support/inbox';
import { checkHistory, isClean, type Findings } from './history';
import { countEvents, selectPublished } from './platform-store';
import { startCluster, type Cluster } from './three-nodes';
import { createWitnessDatabase } from './witness-database';
import { countApplied, insertApplied, selectApplied, witnessMigrations } from './witness-store';

const [streams, versions] = [100, 60];
const within = { ms: 120_000 };
const log = (line: string): void => void process.stderr.write(`${line}\n`);

const subscription = ordered<unknown>()({
  name: 'cluster',
  version: 1,
  from: noteEvents,
  on: { 'note.taken': (_, db, event) => insertApplied(db as Kysely<unknown>, 'cluster', event) },
});

/** `npm run chaos:cluster`: kills the leader of a queue under load; 1 when anything was lost, doubled or reordered. */
async function main(): Promise<number> {
  const directory = resolve('.sagaworks/cluster-stack');
  const nodes = join(directory, 'nodes');
  const stack = await startStack({ directory, log, fresh: true, ports: anyPorts });
  rmSync(nodes, { recursive: true, force: true });
  const cluster = await startCluster(nodes, createSteps(log));
  try {
    const url = await createWitnessDatabase(stack.addresses.databaseUrl);
    const database = openDatabase<unknown>({ url, name: 'cluster' });
    await migrateToLatest(database, { ...witnessMigrations, ...eventLogMigrations });
    const findings = await run(cluster, database);
    await database.close();
    const { published, applied, lost, doubled, outOfOrder, violations } = findings;
    log(`published ${published}, applied ${applied}, lost ${lost}, doubled ${doubled}, out of order ${outOfOrder}`);
    violations.forEach((violation) => log(`  ✗ ${violation}`));
    return isClean(findings) ? 0 : 1;
  } finally {
    await cluster.stop();
    await stack.stop('delete');
  }
}

/** Relay and consumer at work, connected with all three nodes, while the leader is killed. */
async function run(cluster: Cluster, database: Database<unknown>): Promise<Findings> {
  const db = database.kysely;
  const logger = createLogger({ name: 'cluster', level: 'silent' });
  const metrics = createMetrics();
  const broker = await connectBroker({ url: cluster.urls, name: 'cluster', logger });
  const prepare = (channel: Parameters<typeof declareExchange>[0]) => declareExchange(channel, noteEvents.name);
  const publisher = createPublisher(broker, { name: 'cluster', logger, prepare });
  const consumer = createConsumer({ broker, publisher, database, consumer: 'reader', subscription, logger, metrics });
  const to = { exchange: noteEvents.name, source: '/cluster', owner: 'cluster' };
  const relay = createRelay({ database, publisher, logger, metrics, ...to });
  await consumer.start();
  await relay.start();

  const appending = append(database);
  const { queue } = queueOf('reader', subscription);
  await until(async () => (await countApplied(db)) > (streams * versions) / 10);
  log(
    `killed ${await cluster.killLeader(queue)}, the leader of ${queue}, with kill -9; ${await countApplied(db)} applied`,
  );
  await appending;
  const killed = Date.now();
  await until(async () => (await countApplied(db)) >= (await countEvents(db)));
  log(`worked off ${((Date.now() - killed) / 1_000).toFixed(1)} s after the last append`);

  await consumer.stop();
  await relay.stop();
  await publisher.close();
  await broker.close();
  return checkHistory(await selectPublished(db), await selectApplied(db), [{ subscription: 'cluster', ordered: true }]);
}

/** Some seconds of load. */
async function append({ kysely }: Database<unknown>): Promise<void> {
  for (let version = 0; version < versions; version += 1) {
    const events = [{ type: 'note.taken', dataVersion: 1, data: { text: 'milk' } }];
    const appends = Array.from({ length: streams }, (_, index) => ({
      stream: `note-${index}`,
      expectedVersion: version,
      events,
    }));
    await appendEvents(kysely, appends);
    await sleep(100);
  }
}

/** Waits for it, as long as it makes sense; what is missing then, the history shows. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + within.ms;
  while (!(await isSo()) && Date.now() < deadline) await sleep(100);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    log(describeError(error));
    process.exit(1);
  },
);
