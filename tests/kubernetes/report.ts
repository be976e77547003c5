import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import type { FollowedOrder } from './load';

/** A disturbance, and when it was. */
export interface Phase {
  name: string;
  from: number;
  to: number;
}

export const page = 'docs/kubernetes.md';
const [begin, end] = ['<!-- test:kubernetes writes from here -->', '<!-- to here -->'];

/** What happened to the orders that were placed in a phase. */
function row({ name, from, to }: Phase, orders: readonly FollowedOrder[]): string[] {
  const placed = orders.filter(({ at }) => at >= from && at < to);
  const refused = orders.flatMap(({ refusals }) => refusals).filter(({ at }) => at >= from && at < to);
  const ended = placed.map(({ endedMs }) => endedMs).sort((one, other) => one - other);
  const seconds = (ms = 0): string => `${(ms / 1_000).toFixed(1)} s`;
  return [
    name,
    seconds(to - from),
    String(placed.length),
    String(placed.filter(({ status }) => status !== 'cancelled').length),
    String(refused.length),
    seconds(Math.max(0, ...placed.map(({ acceptedMs }) => acceptedMs))),
    seconds(ended[Math.floor(ended.length / 2)]),
    seconds(ended.at(-1)),
  ];
}

const heads = ['disturbance', 'took', 'orders placed', 'confirmed', 'requests refused', 'slowest acceptance'];

/** The table of a run, in Markdown. */
export function tableOf(phases: readonly Phase[], orders: readonly FollowedOrder[]): string {
  const rows = phases.map((phase) => row(phase, orders));
  const head = [...heads, 'median to confirmed', 'slowest to confirmed'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Writes the result of a run into the page, between its marks. */
export async function writeResult(result: string): Promise<void> {
  const text = readFileSync(page, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page} has no place for the result: ${begin} … ${end}`);
  const written = `${text.slice(0, from)}${begin}\n\n${result}\n\n${text.slice(to)}`;
  writeFileSync(page, await format(written, { ...(await resolveConfig(page)), filepath: page }));
}
