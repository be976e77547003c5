import { parseArgs } from 'node:util';
import type { Rebuilt } from '../../lib/projections/swap-tables';
import { swapBack, rebuild, type RebuildOptions } from '../../lib/projections/rebuild';
import type { ProjectionContext } from '../../lib/projections/projection-context';
import { statusOf } from '../../lib/projections/status';
import type { Comparison } from '../../lib/projections/store';
import { verify, type Verified } from '../../lib/projections/verify';
import { onReadModel, readModels, type ReadModel } from '../../workers/modules/read-models';
import { CommandFailure, exitCodes, UsageError, type Command } from '../command';
import { databaseAddress } from '../database-addresses';
import { print } from '../print';
import { progressOf } from '../progress';
import { table } from '../table';

const flag = { type: 'boolean', default: false } as const;

export const projections: Command = {
  usage: 'list | verify|rebuild|back <name> [--restart] [--whole] [--json]',
  summary: 'Read models: compare one with its events, build it anew, go back to the one before',
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { restart: flag, whole: flag, json: flag },
    });
    const [verb, name, ...more] = positionals;
    if (verb === 'list' && name === undefined) return list(values.json);
    if (!name || more.length > 0) throw new UsageError('Give list, or verify, rebuild or back with a name');
    if (verb === 'verify') return verifyOne(readModel(name), values.json);
    if (verb === 'rebuild') return exchangeOne(readModel(name), rebuild, values);
    if (verb === 'back') return exchangeOne(readModel(name), swapBack, values);
    throw new UsageError(`There is no "projections ${verb ?? ''}"`);
  },
};

function readModel(name: string): ReadModel {
  const found = readModels().find(({ projection }) => projection.name === name);
  if (found) return found;
  const names = readModels().map(({ projection }) => projection.name);
  throw new UsageError(`There is no projection ${name}; there are ${names.join(', ')}`);
}

async function list(json: boolean): Promise<void> {
  const rows = [];
  for (const model of readModels()) {
    const status = await onReadModel(model, databaseAddress, statusOf);
    rows.push({ ...status, service: model.service, from: model.projection.exchange.name });
  }
  const columns = ['name', 'service', 'table', 'from', 'rows', 'built', 'code', 'shadow'] as const;
  print(rows, { json, words: (all) => table(columns, all) });
}

async function verifyOne(model: ReadModel, json: boolean): Promise<void> {
  const { name } = model.projection;
  const verified = await stoppable(name, (options) =>
    onReadModel<Verified>(model, databaseAddress, (context) => verify(context, options)),
  );
  const { events, differences } = verified;
  print(verified, { json, words: () => `${name}: ${events} events; ${describe(differences)}` });
  if (differences.count > 0) process.exitCode = exitCodes.nothing;
}

type Exchange = (context: ProjectionContext, options: RebuildOptions) => Promise<Rebuilt>;

async function exchangeOne(
  model: ReadModel,
  run: Exchange,
  { json, ...wanted }: { restart: boolean; whole: boolean; json: boolean },
): Promise<void> {
  const { name } = model.projection;
  const rebuilt = await stoppable(name, (options) =>
    onReadModel(model, databaseAddress, (context) => run(context, { ...options, ...wanted })),
  );
  const { events, differences, heldMs } = rebuilt;
  const words = () =>
    `${name}: ${events} events; ${describe(differences)}\n` +
    `The new table is read now; writers waited ${Math.round(heldMs)} ms.` +
    (wanted.whole ? '' : ` The one before is kept: "sagaworks projections back ${name}"`);
  print(rebuilt, { json, words });
}

/** Ctrl-C stops between two batches; what is done is done. */
async function stoppable<T>(name: string, run: (options: RebuildOptions) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  try {
    return await run({ onProgress: progressOf(name), signal: stop.signal });
  } catch (error) {
    if (stop.signal.aborted)
      throw new CommandFailure(exitCodes.stopped, `Stopped; the next rebuild of ${name} goes on`);
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
