import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createLogger } from '../../lib/telemetry/logger';
import { createTestDatabase } from '../lib-support/database';
import { startCluster, type Cluster } from './cluster/cluster';
import { createNodes } from './cluster/nodes';
import { runScenario } from './cluster/run';
import { scenarios } from './cluster/scenarios';

// Three nodes of its own, as processes or containers like the stack of `npm test`; `npm run chaos:cluster` is the long one.
const silent = { note: () => undefined, step: <T>(_: string, run: () => Promise<T>) => run() };
const logger = createLogger({ name: 'cluster', level: 'silent' });
// Always the same: the nodes of a run that was killed are stopped by the next.
const directory = resolve('.sagaworks/cluster-test');
let cluster: Cluster | undefined;

beforeAll(async () => {
  cluster = await startCluster(await createNodes(join(directory, 'nodes'), silent), silent);
}, 240_000);
afterAll(async () => {
  await cluster?.stop();
  rmSync(directory, { recursive: true, force: true });
});

test('when the leader of a queue is killed under load, everything is published and applied once, in order', async () => {
  const { database, drop } = await createTestDatabase({});
  try {
    if (!cluster) throw new Error('There is no cluster');
    const load = { streams: 20, versions: 40 };
    const scenario = scenarios['leader-killed'];
    const { findings } = await runScenario({ cluster, vhost: 'test', database, scenario, load, logger });
    expect(findings).toMatchObject({ lost: 0, doubled: 0, outOfOrder: 0, violations: [] });
    expect(findings.applied).toBeGreaterThanOrEqual(load.streams * load.versions);
  } finally {
    await drop();
  }
}, 240_000);
