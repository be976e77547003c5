import { createInterface } from 'node:readline/promises';
import type { DeadLettersResponse, RedriveResponse } from '../../lib/operations/dead-letters/contract';
import { CommandFailure, UsageError } from '../failures';
import { print, type OutputOptions } from '../output';
import { connectApi } from '../platform/api';
import { table } from '../table';

interface FilterOptions extends OutputOptions {
  queue?: string;
  reason?: string;
  type?: string;
  /** Milliseconds. */
  olderThan?: number;
}

export async function list(options: FilterOptions): Promise<void> {
  const found = await find(filterOf(options));
  if (found.items.length === 0 && !options.json) throw new CommandFailure('no-match', 'There are no dead letters');
  print(found, options, ({ groups, items }) =>
    [
      table(['count', 'queue', 'reason', 'type'], groups),
      table(['id', 'stream', 'version', 'attempts', 'lastFailedAt', 'lastError'], items),
    ].join('\n\n'),
  );
}

export async function show(id: string, options: FilterOptions): Promise<void> {
  const found = (await find(filterOf(options))).items.find((deadLetter) => deadLetter.id === id);
  if (!found) throw new CommandFailure('no-match', `There is no dead letter ${id}`);
  print(found, options, (deadLetter) => JSON.stringify(deadLetter, null, 2));
}

interface RedriveOptions extends FilterOptions {
  dryRun?: boolean;
  anyOrigin?: boolean;
  data?: unknown;
}

export async function redrive(ids: string[], options: RedriveOptions): Promise<void> {
  const { dryRun = false, anyOrigin = false, data } = options;
  const conditions = { ...filterOf(options), ...named(ids) };
  const what = Object.keys(conditions).length === 0 ? { all: true } : conditions;
  const request = { ...what, ...(data === undefined ? {} : { data }), dryRun, anyOrigin };
  const result = (await connectApi().post('/ops/dead-letters/redrive', request)) as RedriveResponse;
  if (result.matched === 0) throw noneMatches();
  print(
    result,
    options,
    ({ letters, matched }) =>
      `${table(['id', 'queue', 'outcome', 'why'], letters)}\n\n${letters.length} of ${matched} tried`,
  );
  if (result.letters.some(({ outcome }) => outcome === 'untrusted'))
    throw new CommandFailure(
      'stopped',
      'Dead letters of unknown origin were left in place: inspect them (dlq show), then redrive them with --any-origin, or discard them',
    );
  const wouldFail = result.letters.some(({ outcome }) => outcome === 'would fail');
  if (result.stopped || wouldFail) throw new CommandFailure('stopped', 'It failed again; the rest was left in place');
}

interface DiscardOptions extends FilterOptions {
  yes?: boolean;
}

export async function discard(ids: string[], options: DiscardOptions): Promise<void> {
  const filter = filterOf(options);
  if (ids.length === 0 && Object.keys(filter).length === 0)
    throw new UsageError('Say which dead letters to discard: by id, or by a filter');
  const matching = (await find(filter)).items.filter(({ id }) => ids.length === 0 || ids.includes(id));
  if (matching.length === 0) throw noneMatches();
  if (!options.yes) await confirm(`Discard ${matching.length} dead letters for good?`);
  // Those that were shown, not those that have died since.
  let discarded = 0;
  for (let next = 0; next < matching.length; next += maxIds) {
    const chunk = matching.slice(next, next + maxIds).map(({ id }) => id);
    const answer = await connectApi().post('/ops/dead-letters/discard', { ...filter, ids: chunk });
    discarded += (answer as { discarded: number }).discarded;
  }
  print({ discarded }, options, () => `${discarded} discarded; the audit log keeps their ids`);
}

/** As many ids as the API takes at once. */
const maxIds = 1_000;

const named = (ids: string[]): { ids?: string[] } => (ids.length === 0 ? {} : { ids });

const noneMatches = (): CommandFailure => new CommandFailure('no-match', 'No dead letter matches');

function filterOf({ queue, reason, type, olderThan }: FilterOptions): Record<string, string> {
  return {
    ...(queue === undefined ? {} : { queue }),
    ...(reason === undefined ? {} : { reason }),
    ...(type === undefined ? {} : { type }),
    ...(olderThan === undefined ? {} : { before: new Date(Date.now() - olderThan).toISOString() }),
  };
}

async function find(filter: Record<string, string>): Promise<DeadLettersResponse> {
  return (await connectApi().get(`/ops/dead-letters?${new URLSearchParams(filter).toString()}`)) as DeadLettersResponse;
}

async function confirm(question: string): Promise<void> {
  if (!process.stdin.isTTY) throw new UsageError('Not a terminal: confirm with --yes');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} (yes/no) `);
  terminal.close();
  if (answer.trim() !== 'yes') throw new CommandFailure('failed', 'Nothing was discarded');
}
