import { parseArgs } from 'node:util';
import { openApi, type Api } from '../api';
import { UsageError, type Command } from '../command';
import { print } from '../print';

type Order = Record<string, unknown> & { version: number };
interface OrderEvent {
  version: number;
  time: string;
  type: string;
  actor?: string;
  reason?: string;
}

export const order: Command = {
  usage: 'show|history|diff <id> [--version n|a..b] [--at time] [--json]',
  summary: 'What an order is, was, and what happened to it',
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { version: { type: 'string' }, at: { type: 'string' }, json: { type: 'boolean', default: false } },
    });
    const [verb = '', id = '', ...rest] = positionals;
    const known = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (!known || id === '' || rest.length > 0)
      throw new UsageError(`Give ${Object.keys(verbs).join(', ')}, and an order's id`);
    const result = await known.ask(openApi(), encodeURIComponent(id), values);
    print(result, { json: values.json, words: (found) => known.tell(found as never) });
  },
};

interface Wanted {
  version?: string;
  at?: string;
}

interface Verb {
  ask(api: Api, id: string, wanted: Wanted): Promise<unknown>;
  tell(result: never): string;
}

const verbs: Readonly<Record<string, Verb>> = {
  show: { ask: showOrder, tell: (found: Order) => JSON.stringify(found, null, 2) },
  history: { ask: allEvents, tell: tellHistory },
  diff: { ask: diffOrder, tell: tellDifferences },
};

function showOrder(api: Api, id: string, { version, at }: Wanted): Promise<Order> {
  const query = new URLSearchParams({
    ...(version === undefined ? {} : { version }),
    ...(at === undefined ? {} : { at }),
  });
  return api.get(`/orders/${id}?${query.toString()}`) as Promise<Order>;
}

async function allEvents(api: Api, id: string): Promise<OrderEvent[]> {
  const events: OrderEvent[] = [];
  for (let cursor: string | undefined = '0'; cursor !== undefined;) {
    const page = (await api.get(`/orders/${id}/events?cursor=${cursor}`)) as {
      items: OrderEvent[];
      nextCursor?: string;
    };
    events.push(...page.items);
    cursor = page.nextCursor;
  }
  return events;
}

function tellHistory(events: OrderEvent[]): string {
  const width = Math.max(...events.map(({ type }) => type.length));
  return events
    .map(({ version, time, type, actor = 'the platform', reason }) =>
      [String(version).padStart(3), time, type.padEnd(width), `by ${actor}`, reason ?? ''].join('  ').trimEnd(),
    )
    .join('\n');
}

/** What differs between two versions: the last two, unless said otherwise. */
interface Difference {
  field: string;
  before: unknown;
  after: unknown;
}

async function diffOrder(api: Api, id: string, { version }: Wanted): Promise<Difference[]> {
  const [from, to] = await rangeOf(api, id, version);
  const [before, after] = await Promise.all([from, to].map((at) => showOrder(api, id, { version: String(at) })));
  const fields = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...fields]
    .map((field) => ({ field, before: before?.[field], after: after?.[field] }))
    .filter((found) => JSON.stringify(found.before) !== JSON.stringify(found.after));
}

async function rangeOf(api: Api, id: string, range: string | undefined): Promise<[number, number]> {
  if (range === undefined) {
    const { version } = await showOrder(api, id, {});
    return [Math.max(version - 1, 1), version];
  }
  const [, from, to] = /^(\d+)\.\.(\d+)$/.exec(range) ?? [];
  if (from === undefined || to === undefined) throw new UsageError('Give --version as a..b, such as 1..2');
  return [Number(from), Number(to)];
}

function tellDifferences(found: Difference[]): string {
  if (found.length === 0) return 'No difference';
  return found.map(({ field, before, after }) => `${field}\n  - ${shown(before)}\n  + ${shown(after)}`).join('\n');
}

const shown = (value: unknown): string => (value === undefined ? '(not there)' : JSON.stringify(value));
