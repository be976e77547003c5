import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../../lib/telemetry/logger';
import { createTestDatabase } from '../support/database';
import { startCluster, type Cluster } from './cluster/cluster';
import { createNodes } from './cluster/nodes';
import { runScenario } from './cluster/run';
import { scenarios } from './cluster/scenarios';

// Three nodes of its own, as processes or containers like the stack of `npm test`; `npm run chaos:cluster` is the long one.
const silent = { note: () => undefined, step: <T>(_: string, run: () => Promise<T>) => run() };
const logger = createLogger({ name: 'cluster', level: 'silent' });
const directory = mkdtempSync(join(tmpdir(), 'sagaworks-cluster-'));
let cluster: Cluster;

beforeAll(async () => {
  cluster = await startCluster(await createNodes(join(directory, 'nodes'), silent), silent);
}, 240_000);
afterAll(async () => {
  await cluster.stop();
  rmSync(directory, { recursive: true });
});

test('when the leader of a queue is killed under load, everything is published and applied once, in order', async () => {
  const { database, drop } = await createTestDatabase({});
  const load = { streams: 20, versions: 40 };
  const scenario = scenarios['leader-killed'];
  const { findings } = await runScenario({ cluster, vhost: 'test', database, scenario, load, logger });
  expect(findings).toMatchObject({ lost: 0, doubled: 0, outOfOrder: 0, violations: [] });
  expect(findings.applied).toBeGreaterThanOrEqual(load.streams * load.versions);
  await drop();
}, 240_000);
