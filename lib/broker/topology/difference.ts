import { isDeepStrictEqual } from 'node:util';
import { withoutVersion } from './queue-versions';
import type { Topology } from './spec';
import { isDelay } from './topology';

/** One thing on the broker that differs from the desired topology. */
export interface Difference {
  what: 'exchange' | 'queue' | 'binding' | 'policy';
  /** `missing`: does not exist. `differing`: exists with other arguments. `superfluous`: ours, but no longer needed. */
  is: 'missing' | 'differing' | 'superfluous';
  name: string;
  /** What differs, in words. */
  detail?: string;
}

/** Holds the messages of a queue while it is replaced under its own name. */
export const interimQueue = (queue: string): string => `${queue}.migrating`;

/**
 * What would have to change on the live broker. Foreign queues and bindings are left alone: ours are those of
 * `consumers`, the delay queues, and every earlier version of a desired queue.
 */
export function compareTopologies(desired: Topology, live: Topology, consumers: readonly string[]): Difference[] {
  const isOurs = createOwnership(desired, consumers);
  return [
    ...differences('exchange', desired.exchanges, live.exchanges, ({ name }) => isDelay(name)),
    ...differences('queue', desired.queues, live.queues, ({ name }) => isOurs(name)),
    ...differences('binding', desired.bindings.map(named), live.bindings.map(named), () => false),
    ...superfluousBindings(desired, live).map(({ name }): Difference => ({ what: 'binding', is: 'superfluous', name })),
    ...differences('policy', desired.policies, live.policies, () => true),
  ];
}

/** Superfluous bindings of desired queues; those of a superfluous queue are deleted with it. */
export function superfluousBindings(desired: Topology, live: Topology) {
  const queues = new Set(desired.queues.map(({ name }) => name));
  const wanted = new Set(desired.bindings.map((binding) => named(binding).name));
  return live.bindings.map(named).filter(({ queue, name }) => queues.has(queue) && !wanted.has(name));
}

/** Whether a queue is ours, by its name. */
function createOwnership({ queues }: Topology, consumers: readonly string[]): (queue: string) => boolean {
  const wanted = new Set(queues.flatMap(({ name }) => [withoutVersion(name), interimQueue(name)]));
  return (queue) =>
    isDelay(queue) || wanted.has(withoutVersion(queue)) || consumers.some((name) => queue.startsWith(`${name}-`));
}

const named = (binding: Topology['bindings'][number]) => ({
  ...binding,
  name: `${binding.exchange} → ${binding.queue}${binding.routingKey === '' ? '' : ` (${binding.routingKey})`}`,
});

function differences<T extends { name: string }>(
  what: Difference['what'],
  desired: readonly T[],
  live: readonly T[],
  isOurs: (one: T) => boolean,
): Difference[] {
  const there = new Map(live.map((one) => [one.name, one]));
  const wanted = new Set(desired.map(({ name }) => name));
  return [
    ...desired.flatMap((one): Difference[] => {
      const found = there.get(one.name);
      if (!found) return [{ what, is: 'missing', name: one.name }];
      const detail = describeChange(flat(found), flat(one));
      return detail === '' ? [] : [{ what, is: 'differing', name: one.name, detail }];
    }),
    ...live
      .filter((one) => !wanted.has(one.name) && isOurs(one))
      .map(({ name }): Difference => ({ what, is: 'superfluous', name })),
  ];
}

/** All properties of one thing on one level, to be compared. */
const flat = (one: object): Record<string, string | number> => {
  const { arguments: args = {}, definition = {}, ...rest } = one as { arguments?: object; definition?: object };
  return { ...rest, ...args, ...definition };
};

function describeChange(from: Record<string, string | number>, to: Record<string, string | number>): string {
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return keys
    .filter((key) => !isDeepStrictEqual(from[key], to[key]))
    .map((key) => `${key}: ${from[key] ?? 'none'} → ${to[key] ?? 'none'}`)
    .join(', ');
}
