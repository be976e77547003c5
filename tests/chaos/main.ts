import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { anyPorts } from '../../infra/local/ports';
import { startStack } from '../../infra/local/stack';
import { describeError } from '../../infra/local/steps';
import { tokenIssuerOf } from '../../workers/config/token-issuer';
import { createTestBed } from './test-bed';
import { startActors } from './actors';
import { isKept, report } from './report';
import { runChaos } from './run';
import { createWitnessDatabase } from './witness-database';

/**
 * `npm run chaos -- --orders 2000 --seed 7`: orders under faults, on a local stack of its own; 1 when a promise was broken.
 * `--sagas`: orders of every kind, people who act on them, and faults that sagas meet.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      sagas: { type: 'boolean', default: false },
      orders: { type: 'string' },
      seed: { type: 'string', default: String(Date.now() % 100_000) },
      rate: { type: 'string' },
    },
  });
  const { sagas, orders = sagas ? '500' : '2000' } = values;
  const [seed, ordersPerSecond] = [Number(values.seed), Number(values.rate ?? (sagas ? 8 : 15))];
  const directory = resolve('.sagaworks/chaos-stack');
  const begin = Date.now();
  const log = (line: string): void =>
    void process.stderr.write(`${((Date.now() - begin) / 1_000).toFixed(1).padStart(7)}  ${line}\n`);
  const stack = await startStack({ directory, log, fresh: true, ports: anyPorts });
  try {
    const testBed = await createTestBed({
      env: stack.env,
      witnessDatabaseUrl: await createWitnessDatabase(stack.addresses.databaseUrl),
      managementUrl: stack.addresses.rabbitmqManagementUrl,
      seed,
      logs: resolve(directory, 'logs'),
      restart: (system, how) => stack.restart(system, how),
    });
    try {
      const carrierSecret = stack.env['CARRIER_WEBHOOK_SECRET'] ?? '';
      const outcome = await runChaos(testBed, {
        orders: Number(orders),
        seed,
        ordersPerSecond,
        betweenFaultsMs: [2_000, 5_000],
        issuer: tokenIssuerOf(stack.env),
        quiescentWithinMs: 300_000,
        ...(sagas ? { actors: (ask) => startActors(testBed, { ask, carrierSecret, seed }) } : {}),
        log,
      });
      process.stdout.write(`${report(outcome, seed).join('\n')}\n`);
      return isKept(outcome) ? 0 : 1;
    } finally {
      await testBed.stop();
    }
  } finally {
    await stack.stop();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${describeError(error)}\n`);
    process.exit(1);
  },
);
