import { cpus, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { anyPorts } from '../infra/local/ports';
import { startStack } from '../infra/local/stack';
import { describeError } from '../infra/local/steps';
import type { System } from '../infra/local/systems';
import { benchAccept } from './accept';
import { benchLatency } from './latency';
import type { Measured, Result } from './measure';
import { benchOverload } from './overload';
import { prepareOrder } from './platform';
import { benchProjection } from './projection';
import { benchRebuild } from './rebuild';
import { benchRelay } from './relay';
import { benchSaga } from './saga';
import { benchStreams } from './streams';
import { benchSubscribers } from './subscribers';
import { benchWaiting } from './waiting';
import { benchWhole } from './whole';

/** Measured with the platform, by placing this order; the saga first: what accepting leaves in the log would start thousands of sagas. */
const withPlatform = { saga: benchSaga, accept: benchAccept };
/** Measured when they are named only: `waiting` takes half an hour on a slow machine, the others some minutes. */
const long = { whole: benchWhole, waiting: benchWaiting, overload: benchOverload };
/** Measured with parts of it, on databases of their own. */
const alone = {
  relay: benchRelay,
  latency: benchLatency,
  projection: benchProjection,
  subscribers: benchSubscribers,
  rebuild: benchRebuild,
  streams: benchStreams,
};
const parts: readonly string[] = [...Object.keys(alone), ...Object.keys(withPlatform), ...Object.keys(long)];

/** `npm run bench -- saga`: measures the parts that are named, or all, each beside its limit, on a stack of its own. */
async function main(named: readonly string[]): Promise<void> {
  const unknown = named.find((name) => !parts.includes(name));
  if (unknown !== undefined) throw new Error(`There is no part "${unknown}"; there are ${parts.join(', ')}`);
  const directory = resolve('.sagaworks/bench-stack');
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  // Temporal in memory is the faster one: the limit is as high as it can be here. The whole is measured as people start it.
  const ephemeral: readonly System[] = named.includes('whole') ? [] : ['temporal'];
  const stack = await startStack({ directory, log, fresh: true, ports: anyPorts, ephemeral });
  try {
    const isWanted = ([name]: [string, unknown]): boolean => named.length === 0 || named.includes(name);
    const measured: Measured[] = [];
    for (const [, measure] of Object.entries(alone).filter(isWanted)) measured.push(await measure(stack));
    const placing = [
      ...Object.entries(withPlatform).filter(isWanted),
      ...Object.entries(long).filter(([name]) => named.includes(name)),
    ];
    const order = placing.length > 0 ? await prepareOrder(stack) : '';
    for (const [, measure] of placing) measured.push(await measure(stack, order));
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
