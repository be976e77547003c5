import type { Rebuilt } from '../../lib/projections/swap-tables';
import { swapBack, rebuild, type RebuildOptions } from '../../lib/projections/rebuild';
import type { ProjectionContext } from '../../lib/projections/projection';
import { statusOf } from '../../lib/projections/status';
import type { Comparison } from '../../lib/projections/store';
import { verify, type Verified } from '../../lib/projections/verify';
import { onReadModel, readModels, type ReadModel } from '../../workers/modules/read-models';
import { exitCodes } from '../exit-codes';
import { CommandFailure, UsageError } from '../failures';
import { print, type OutputOptions } from '../output';
import { databaseAddress } from '../platform/addresses';
import { progressOf } from '../progress';
import { table } from '../table';

function readModel(name: string): ReadModel {
  const found = readModels().find(({ projection }) => projection.name === name);
  if (found) return found;
  const names = readModels().map(({ projection }) => projection.name);
  throw new UsageError(`There is no projection ${name}; there are ${names.join(', ')}`);
}

export async function list(options: OutputOptions): Promise<void> {
  const rows = [];
  for (const model of readModels()) {
    const status = await onReadModel(model, databaseAddress, statusOf);
    rows.push({ ...status, service: model.service, from: model.projection.exchange.name });
  }
  const columns = ['name', 'service', 'table', 'from', 'rows', 'built', 'code', 'aside'] as const;
  print(rows, options, (all) => table(columns, all));
}

export async function verifyOne(name: string, output: OutputOptions): Promise<void> {
  const model = readModel(name);
  const verified = await stoppable(name, output, (options) =>
    onReadModel<Verified>(model, databaseAddress, (context) => verify(context, options)),
  );
  const { events, differences } = verified;
  print(verified, output, () => `${name}: ${events} events; ${describe(differences)}`);
  if (differences.count > 0) process.exitCode = exitCodes.different;
}

interface SwapOptions extends OutputOptions {
  restart?: boolean;
  whole?: boolean;
}

type Swap = (name: string, options: SwapOptions) => Promise<void>;

const swapWith =
  (run: (context: ProjectionContext, options: RebuildOptions) => Promise<Rebuilt>): Swap =>
  async (name, { json = false, ...wanted }) => {
    const model = readModel(name);
    const rebuilt = await stoppable(name, { json }, (options) =>
      onReadModel(model, databaseAddress, (context) => run(context, { ...options, ...wanted })),
    );
    const { events, differences, heldMs } = rebuilt;
    const text = () =>
      `${name}: ${events} events; ${describe(differences)}\n` +
      `The new table is live; writers waited ${Math.round(heldMs)} ms.` +
      (wanted.whole ? '' : ` The previous one is kept: "sagaworks projections back ${name}"`);
    print(rebuilt, { json }, text);
  };

export const rebuildOne = swapWith(rebuild);
export const goBackOne = swapWith(swapBack);

/** Ctrl-C stops between two batches; what is done is done. */
async function stoppable<T>(
  name: string,
  output: OutputOptions,
  run: (options: RebuildOptions) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  try {
    return await run({ onProgress: progressOf(name, output), signal: stop.signal });
  } catch (error) {
    if (stop.signal.aborted)
      throw new CommandFailure('stopped', `Stopped; the next rebuild of ${name} goes on from there`);
    throw error;
  }
}

function describe({ count, first }: Comparison): string {
  if (count === 0) return 'the tables agree.';
  const rows = first.map((row) => {
    const kind = !row.rebuilt ? 'only in the live table' : !row.live ? 'missing in the live table' : 'different';
    return `  ${JSON.stringify(row.key)} ${kind}${row.live && row.rebuilt ? `: ${changed(row.live, row.rebuilt)}` : ''}`;
  });
  const others = count > first.length ? [`  … and ${count - first.length} more`] : [];
  return [`${count} rows differ:`, ...rows, ...others].join('\n');
}

const changed = (live: Record<string, unknown>, rebuilt: Record<string, unknown>): string =>
  Object.keys(live)
    .filter((column) => JSON.stringify(live[column]) !== JSON.stringify(rebuilt[column]))
    .map((column) => `${column} ${JSON.stringify(live[column])}, by the events ${JSON.stringify(rebuilt[column])}`)
    .join('; ');
