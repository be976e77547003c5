import { expect, test } from '@jest/globals';
import { compareTopologies } from './difference';
import { mergeTopologies, type Topology } from './spec';
import { delayTopology, queueTopology } from './topology';
import { namespace } from '../../config/namespace';

const reader = { queue: 'reader-note-events', exchange: 'note-events', bindings: ['note.#'] };
const topologyOf = (declared = reader) => mergeTopologies(queueTopology(declared), delayTopology([1_000]));
const nothing: Topology = { exchanges: [], queues: [], bindings: [], policies: [] };
const compared = (desired: Topology, live: Topology) => compareTopologies(desired, live, ['reader']);

test('a broker with the desired topology has no differences', () => {
  expect(compared(topologyOf(), topologyOf())).toEqual([]);
});

test('on an empty broker everything is missing', () => {
  const differences = compared(topologyOf(), nothing);
  expect(new Set(differences.map(({ is }) => is))).toEqual(new Set(['missing']));
  expect(differences).toContainEqual({ what: 'queue', is: 'missing', name: reader.queue });
  expect(differences).toContainEqual({
    what: 'binding',
    is: 'missing',
    name: 'note-events → reader-note-events (note.#)',
  });
});

test('a changed argument and a changed limit are reported with both values', () => {
  const desired = topologyOf();
  const change = <T extends { name: string }>(list: readonly T[], more: (one: T) => Partial<T>): T[] =>
    list.map((one) => (one.name.endsWith(reader.queue) ? { ...one, ...more(one) } : one));
  const live: Topology = {
    ...desired,
    queues: change(desired.queues, (queue) => ({ arguments: { ...queue.arguments, 'x-delivery-limit': 5 } })),
    policies: change(desired.policies, () => ({ definition: { 'max-length': 7 } })),
  };
  expect(compared(desired, live)).toEqual([
    { what: 'queue', is: 'differing', name: reader.queue, detail: 'x-delivery-limit: 5 → 20' },
    { what: 'policy', is: 'differing', name: `${namespace}.${reader.queue}`, detail: 'max-length: 7 → 1000000' },
  ]);
});

test('what is ours and no longer needed is superfluous, foreign queues are not', () => {
  const foreign: Topology = {
    exchanges: [{ name: 'their-events', type: 'topic', arguments: {} }],
    queues: [{ name: 'their-note-events', arguments: {} }],
    bindings: [{ exchange: 'note-events', queue: 'their-note-events', routingKey: '#' }],
    policies: [],
  };
  const leftovers: Topology = {
    ...mergeTopologies(delayTopology([5_000]), queueTopology({ ...reader, queue: 'reader-old-events' })),
    bindings: [{ exchange: 'note-events', queue: reader.queue, routingKey: 'letter.#' }],
  };
  const differences = compared(topologyOf(), mergeTopologies(topologyOf(), foreign, leftovers));
  expect(differences.map(({ is, what, name }) => `${is} ${what} ${name}`)).toEqual([
    'superfluous exchange retry-after-5000ms',
    'superfluous queue retry-after-5000ms',
    'superfluous queue reader-old-events-dead',
    'superfluous queue reader-old-events',
    'superfluous binding note-events → reader-note-events (letter.#)',
    `superfluous policy ${namespace}.retry-after-5000ms`,
    `superfluous policy ${namespace}.reader-old-events-dead`,
    `superfluous policy ${namespace}.reader-old-events`,
  ]);
});

test('a new version of a queue leaves the old one superfluous, and takes what still comes back under the old name', () => {
  const second = topologyOf({ ...reader, queue: `${reader.queue}.v2` });
  expect(compared(second, mergeTopologies(topologyOf(), second))).toMatchObject([
    { what: 'queue', is: 'superfluous', name: reader.queue },
    { what: 'policy', is: 'superfluous', name: `${namespace}.${reader.queue}` },
  ]);
  expect(second.bindings).toContainEqual({
    exchange: 'retry',
    queue: 'reader-note-events.v2',
    routingKey: 'reader-note-events',
  });
});
