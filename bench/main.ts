import { cpus, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { anyPorts } from '../infra/local/ports';
import { startStack } from '../infra/local/stack';
import { describeError } from '../infra/local/steps';
import { benchAccept } from './accept';
import type { Result } from './measure';
import { benchSaga } from './saga';

/** Measures every part beside its limit on a stack of its own, and prints one table. */
async function main(): Promise<void> {
  const directory = resolve('.sagaworks/bench-stack');
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  // Temporal in memory is the faster one: the limit is as high as it can be here.
  const stack = await startStack({ directory, log, fresh: true, ports: anyPorts, forgetful: ['temporal'] });
  try {
    const saga = await benchSaga(stack);
    const accept = await benchAccept(stack, saga.order);
    print([...accept.results, ...saga.results], [...saga.memory, ...accept.memory]);
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

main().catch((error: unknown) => {
  process.stderr.write(`${describeError(error)}\n`);
  process.exit(1);
});
