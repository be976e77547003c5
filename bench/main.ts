import { cpus, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { anyPorts } from '../infra/local/ports';
import { startStack } from '../infra/local/stack';
import { describeError } from '../infra/local/steps';
import { benchAccept } from './accept';
import type { Measured, Result } from './measure';
import { prepareOrder } from './platform';
import { benchSaga } from './saga';

/** The saga first: what accepting leaves in the log would start thousands of sagas. */
const parts = { saga: benchSaga, accept: benchAccept };

/** `npm run bench -- saga`: measures the parts that are named, or all, each beside its limit, on a stack of its own. */
async function main(named: readonly string[]): Promise<void> {
  const unknown = named.find((name) => !(name in parts));
  if (unknown !== undefined)
    throw new Error(`There is no part "${unknown}"; there are ${Object.keys(parts).join(', ')}`);
  const directory = resolve('.sagaworks/bench-stack');
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  // Temporal in memory is the faster one: the limit is as high as it can be here.
  const stack = await startStack({ directory, log, fresh: true, ports: anyPorts, forgetful: ['temporal'] });
  try {
    const order = await prepareOrder(stack);
    const measured: Measured[] = [];
    for (const [name, measure] of Object.entries(parts)) {
      if (named.length === 0 || named.includes(name)) measured.push(await measure(stack, order));
    }
    print(
      measured.flatMap(({ results }) => results),
      measured.flatMap(({ memory }) => memory),
    );
  } finally {
    await stack.stop();
  }
}

function print(results: readonly Result[], memory: readonly string[]): void {
  const lines = [
    '| what | ours | limit | comparison | bar | |',
    '| --- | --- | --- | --- | --- | --- |',
    ...results.map(
      (r) => `| ${[r.what, r.ours, r.limit, r.comparison, r.bar, r.reached ? 'reached' : 'MISSED'].join(' | ')} |`,
    ),
    '',
    `Memory: ${memory.join('; ')}`,
    `Machine: ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${describeError(error)}\n`);
  process.exit(1);
});
