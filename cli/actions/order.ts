import type { Explanation } from '../../contracts/http/explanation';
import { describeExplanation } from '../explanation';
import { print, type OutputOptions } from '../output';
import { connectApi, type Api } from '../platform/api';

type Order = Record<string, unknown> & { version: number };
interface OrderEvent {
  version: number;
  time: string;
  type: string;
  actor?: string;
  reason?: string;
}

interface ShowOptions extends OutputOptions {
  version?: string;
  at?: string;
}

export async function show(id: string, { json = false, ...wanted }: ShowOptions): Promise<void> {
  const found = await fetchOrder(connectApi(), id, wanted);
  print(found, { json }, (order) => JSON.stringify(order, null, 2));
}

export async function history(id: string, options: OutputOptions): Promise<void> {
  print(await allEvents(connectApi(), id), options, describeEvents);
}

export async function explain(id: string, options: OutputOptions): Promise<void> {
  const explained = await connectApi().get(`/ops/orders/${encodeURIComponent(id)}/explain`);
  print(explained as Explanation, options, describeExplanation);
}

interface DiffOptions extends OutputOptions {
  /** From and to; the last two unless given. */
  version?: [number, number];
}

export async function diff(id: string, { version, ...output }: DiffOptions): Promise<void> {
  print(await differencesOf(connectApi(), id, version), output, describeDifferences);
}

function fetchOrder(api: Api, id: string, wanted: Record<string, string>): Promise<Order> {
  const query = new URLSearchParams(wanted);
  return api.get(`${pathOf(id)}?${query.toString()}`) as Promise<Order>;
}

const pathOf = (id: string): string => `/orders/${encodeURIComponent(id)}`;

async function allEvents(api: Api, id: string): Promise<OrderEvent[]> {
  const events: OrderEvent[] = [];
  for (let cursor: string | undefined = '0'; cursor !== undefined;) {
    const page = (await api.get(`${pathOf(id)}/events?cursor=${cursor}`)) as {
      items: OrderEvent[];
      nextCursor?: string;
    };
    events.push(...page.items);
    cursor = page.nextCursor;
  }
  return events;
}

function describeEvents(events: OrderEvent[]): string {
  const width = Math.max(...events.map(({ type }) => type.length));
  return events
    .map(({ version, time, type, actor = 'the platform', reason }) =>
      [String(version).padStart(3), time, type.padEnd(width), `by ${actor}`, reason ?? ''].join('  ').trimEnd(),
    )
    .join('\n');
}

interface Difference {
  field: string;
  before: unknown;
  after: unknown;
}

async function differencesOf(api: Api, id: string, range?: [number, number]): Promise<Difference[]> {
  const [from, to] = range ?? (await lastTwo(api, id));
  const [before, after] = await Promise.all(
    [from, to].map((version) => fetchOrder(api, id, { version: String(version) })),
  );
  const fields = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...fields]
    .map((field) => ({ field, before: before?.[field], after: after?.[field] }))
    .filter((found) => JSON.stringify(found.before) !== JSON.stringify(found.after));
}

async function lastTwo(api: Api, id: string): Promise<[number, number]> {
  const { version } = await fetchOrder(api, id, {});
  return [Math.max(version - 1, 1), version];
}

function describeDifferences(found: Difference[]): string {
  if (found.length === 0) return 'No difference';
  return found.map(({ field, before, after }) => `${field}\n  - ${shown(before)}\n  + ${shown(after)}`).join('\n');
}

const shown = (value: unknown): string => (value === undefined ? '(absent)' : JSON.stringify(value));
