import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import pino from 'pino';
import { anyPorts } from '../../infra/local/ports';
import { startStack } from '../../infra/local/stack';
import { createSteps, describeError, UserError } from '../../infra/local/steps';
import { openDatabase } from '../../lib/db/database';
import { startCluster, type Cluster } from './cluster/cluster';
import { createNodes } from './cluster/nodes';
import { runScenario } from './cluster/run';
import { scenarios, type ScenarioName } from './cluster/scenarios';
import { isClean } from './history';
import { createWitnessDatabase } from './witness-database';

const load = { streams: 30, versions: 40 };
const log = (line: string): void => void process.stderr.write(`${line}\n`);
const directory = resolve('.sagaworks/cluster-stack');
const names = Object.keys(scenarios) as ScenarioName[];

interface Options {
  chosen: readonly ScenarioName[];
  times: number;
  /** Nodes are containers of this image; by default they are like the rest of the stack. */
  image: string | undefined;
}

/** @throws UserError on a scenario that there is not. */
function options(): Options {
  const { values } = parseArgs({
    options: { scenario: { type: 'string' }, times: { type: 'string', default: '1' }, image: { type: 'string' } },
  });
  const chosen = names.filter((name) => values.scenario === undefined || values.scenario === name);
  if (chosen.length === 0)
    throw new UserError(`There is no scenario ${values.scenario}`, `--scenario ${names.join(' | ')}`);
  return { chosen, times: Number(values.times), image: values.image };
}

/**
 * `npm run chaos:cluster`: takes nodes from a cluster of three under load; exit code 1 when in any run an event was lost,
 * applied twice or out of order.
 */
async function main(): Promise<number> {
  const { chosen, times, image } = options();
  const stack = await startStack({ directory, log, fresh: true, ports: anyPorts });
  try {
    const steps = createSteps(log);
    const cluster = await startCluster(await createNodes(join(directory, 'nodes'), steps, image), steps);
    try {
      return await runAll(cluster, chosen, times, stack.addresses.databaseUrl);
    } finally {
      await cluster.stop();
    }
  } finally {
    await stack.stop('delete');
  }
}

async function runAll(
  cluster: Cluster,
  chosen: readonly ScenarioName[],
  times: number,
  adminUrl: string,
): Promise<number> {
  const logger = pino({ level: 'warn' }, pino.destination(join(directory, 'cluster.log')));
  let failed = 0;
  for (let time = 1; time <= times; time += 1) {
    for (const name of chosen) {
      const began = Date.now();
      const vhost = `${name}-${time}`;
      const database = openDatabase<unknown>({ url: await createWitnessDatabase(adminUrl, vhost), name: 'cluster' });
      const run = await runScenario({ cluster, vhost, database, scenario: scenarios[name], load, logger });
      await database.close();
      await cluster.restore();
      const { published, applied, lost, doubled, outOfOrder, violations } = run.findings;
      if (!isClean(run.findings)) failed += 1;
      const counts = `published ${published}, applied ${applied}, lost ${lost}, doubled ${doubled}, out of order ${outOfOrder}`;
      const further = `channels replaced ${run.channelsReplaced}, worked off in ${(run.workedOffMs / 1_000).toFixed(1)} s`;
      log(
        `${isClean(run.findings) ? '✓' : '✗'} ${vhost}: ${run.done}; ${counts}; ${further}; ${Math.round((Date.now() - began) / 1_000)} s in all`,
      );
      violations.forEach((violation) => log(`    ${violation}`));
    }
  }
  log(`${times * chosen.length - failed} of ${times * chosen.length} runs are clean`);
  return failed === 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    log(describeError(error));
    process.exit(1);
  },
);
