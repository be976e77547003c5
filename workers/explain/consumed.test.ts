import { expect, test } from '@jest/globals';
import type { RecordedEvent } from '../../lib/eventlog/events';
import { consumed, hears, type ConsumerOf } from './consumed';

const handlerOf = () => () => Promise.resolve();
const consumer: ConsumerOf = {
  service: 'analytics',
  queue: 'analytics-service-order-events',
  subscription: { name: 'sales_v1', kind: 'ordered', handlerOf },
};
const events: RecordedEvent[] = ['order.created', 'order.confirmed'].map((type, index) => ({
  ...{ position: index, id: `e${index}`, stream: 'order-1', version: index + 1, type, dataVersion: 1, data: {} },
  metadata: { correlationId: 'test' },
  time: new Date(index),
}));
const nothing = { streams: [], processed: [], parked: [], failed: [] };

test.each([
  [['product.#'], 'stock.reserved', false],
  [['product.#'], 'product.added', true],
  [['order.created'], 'order.created', true],
  [['order.created'], 'order.created_again', false],
])('a queue bound to %p hears %p: %p', (bindings, type, expected) => {
  expect(hears({ bindings, handlerOf }, type)).toBe(expected);
  expect(hears({ bindings, handlerOf: () => undefined }, type)).toBe(false);
});

test('what was applied, parked, dead-lettered and is still missing is told apart', () => {
  const parked = [{ id: 'e1', at: new Date(5), reason: 'early' }];
  const dead = [{ id: 'e0', attempts: 7, lastError: 'no such table', reason: 'retries-exhausted' }];
  const kinds = (...args: Parameters<typeof consumed>) =>
    consumed(...args).map(({ kind, after, why }) => [kind, after, why]);
  expect(kinds(consumer, events, { ...nothing, streams: [{ stream: 'order-1', version: 2 }] }, [])).toEqual([
    ['applied', 'e1', undefined],
  ]);
  expect(kinds(consumer, events, { ...nothing, parked }, dead)).toEqual([
    ['parked', 'e1', 'the event before it has not arrived'],
    ['dead', 'e0', 'no such table'],
  ]);
  expect(kinds(consumer, events, nothing, [])).toEqual([
    ['waiting', 'e0', undefined],
    ['waiting', 'e1', undefined],
  ]);
});
