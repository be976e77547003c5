import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import type { DeadLettersResponse, RedriveResponse } from '../../lib/operations/dead-letters/contract';
import { openApi } from '../api';
import { CommandFailure, exitCodes, UsageError, type Command } from '../command';
import { print } from '../print';
import { table } from '../table';

const options = {
  queue: { type: 'string' },
  reason: { type: 'string' },
  type: { type: 'string' },
  'older-than': { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  data: { type: 'string' },
  'any-origin': { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

export const dlq: Command = {
  usage: 'list | show <id> | redrive|discard [id…] [--queue q] [--reason r] [--type t] [--older-than 2h]',
  summary: 'Dead letters; redrive takes --dry-run, --any-origin and --data file.json, discard --yes; all take --json',
  async run(args) {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
    const [verb = '', ...ids] = positionals;
    const verbs = new Map(Object.entries({ list, show, redrive, discard }));
    const run = verbs.get(verb);
    if (!run) throw new UsageError('Give list, show, redrive or discard');
    await run({ ids, filter: filterOf(values), values });
  },
};

interface Wanted {
  ids: string[];
  filter: Record<string, string>;
  values: { 'dry-run': boolean; 'any-origin': boolean; yes: boolean; json: boolean; data?: string | undefined };
}

const milliseconds = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

function filterOf(values: Record<string, string | boolean | undefined>): Record<string, string> {
  const { queue, reason, type } = values;
  const given = Object.entries({ queue, reason, type }).filter(
    (one): one is [string, string] => typeof one[1] === 'string',
  );
  const age = values['older-than'];
  if (age === undefined) return Object.fromEntries(given);
  const [, count, unit] = /^(\d+)([smhd])$/.exec(String(age)) ?? [];
  if (!count || !unit) throw new UsageError('Give --older-than as a number and s, m, h or d, such as 2h');
  const before = new Date(Date.now() - Number(count) * milliseconds[unit as keyof typeof milliseconds]);
  return Object.fromEntries([...given, ['before', before.toISOString()]]);
}

async function find(filter: Record<string, string>): Promise<DeadLettersResponse> {
  return (await openApi().get(`/ops/dead-letters?${new URLSearchParams(filter).toString()}`)) as DeadLettersResponse;
}

async function list({ filter, values: { json } }: Wanted): Promise<void> {
  const found = await find(filter);
  if (found.items.length === 0 && !json) throw new CommandFailure(exitCodes.nothing, 'There are no dead letters');
  const words = ({ groups, items }: DeadLettersResponse): string =>
    `${table(['count', 'queue', 'reason', 'type'], groups)}\n\n${table(['id', 'stream', 'version', 'attempts', 'lastFailedAt', 'lastError'], items)}`;
  print(found, { json, words });
}

async function show({ ids: [id, ...more], filter }: Wanted): Promise<void> {
  if (id === undefined || more.length > 0) throw new UsageError('Give one id');
  const found = (await find(filter)).items.find((letter) => letter.id === id);
  if (!found) throw new CommandFailure(exitCodes.nothing, `There is no dead letter ${id}`);
  print(found, { json: true, words: () => '' });
}

async function redrive({ ids, filter, values }: Wanted): Promise<void> {
  const data = values.data === undefined ? {} : { data: readData(values.data) };
  const request = { ...filter, ...named(ids), ...data, dryRun: values['dry-run'], anyOrigin: values['any-origin'] };
  const result = (await openApi().post('/ops/dead-letters/redrive', request)) as RedriveResponse;
  if (result.matched === 0) throw new CommandFailure(exitCodes.nothing, 'No dead letter matches');
  const words = ({ letters, matched }: RedriveResponse): string =>
    `${table(['id', 'queue', 'outcome', 'why'], letters)}\n\n${letters.length} of ${matched} tried`;
  print(result, { json: values.json, words });
  if (result.letters.some(({ outcome }) => outcome === 'untrusted'))
    throw new CommandFailure(
      exitCodes.stopped,
      'Letters of unknown origin were left where they are: look at them (dlq show), then add --any-origin, or discard them',
    );
  const wouldFail = result.letters.some(({ outcome }) => outcome === 'would fail');
  if (result.stopped || wouldFail)
    throw new CommandFailure(exitCodes.stopped, 'It failed again; the rest stays where it is');
}

function readData(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`--data ${path} can't be read as JSON: ${(error as Error).message}`);
  }
}

async function discard({ ids, filter, values }: Wanted): Promise<void> {
  if (ids.length === 0 && Object.keys(filter).length === 0) throw new UsageError('Say which: ids, or a filter');
  const matching = (await find(filter)).items.filter(({ id }) => ids.length === 0 || ids.includes(id));
  if (matching.length === 0) throw new CommandFailure(exitCodes.nothing, 'No dead letter matches');
  if (!values.yes) await confirm(`Discard ${matching.length} dead letters for good?`);
  // Those that were shown, not those that have died since.
  let discarded = 0;
  for (let next = 0; next < matching.length; next += mostIds) {
    const chunk = matching.slice(next, next + mostIds).map(({ id }) => id);
    const answer = await openApi().post('/ops/dead-letters/discard', { ...filter, ids: chunk });
    discarded += (answer as { discarded: number }).discarded;
  }
  print({ discarded }, { json: values.json, words: () => `${discarded} discarded; the audit keeps their ids` });
}

/** As many ids as the API takes at once. */
const mostIds = 1_000;

const named = (ids: string[]): { ids?: string[] } => (ids.length === 0 ? {} : { ids });

async function confirm(question: string): Promise<void> {
  if (!process.stdin.isTTY) throw new UsageError('Nobody is here to ask: say --yes');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} (yes/no) `);
  terminal.close();
  if (answer.trim() !== 'yes') throw new CommandFailure(exitCodes.failed, 'Nothing was discarded');
}
