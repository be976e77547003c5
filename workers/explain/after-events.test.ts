import { expect, test } from '@jest/globals';
import { afterTheirEvents } from './after-events';
import type { Happening } from './happening';
import { timelineOf } from './timeline';

const line = (source: string, kind: string, ms: number, more: Partial<Happening> = {}): Happening => ({
  ...{ at: new Date(ms), source, kind, text: kind },
  ...more,
});
const step = (name: string, ms: number, isDirect: boolean): Happening =>
  line('saga', 'step-done', ms, { text: name, details: { step: name, isDirect } });
const events = [
  line('inventory', 'stock.reserved', 50, { id: 'a' }),
  line('payments', 'payment.authorized', 60, { id: 'b' }),
];

test('steps come after their events, and keep the sequence of the history', () => {
  const saga = [step('reserveStock', 10, true), step('authorizePayment', 20, true), step('bookShipment', 30, true)];
  const told = timelineOf([...afterTheirEvents(saga, events, 'saga'), ...events]);
  expect(told.map(({ text, at }) => [text, at.getTime()])).toEqual([
    ['stock.reserved', 50],
    ['reserveStock', 50],
    ['payment.authorized', 60],
    ['authorizePayment', 60],
    ['bookShipment', 60],
  ]);
});

test('a step that was not called directly keeps its time', () => {
  expect(afterTheirEvents([step('reserveStock', 10, false)], events, 'saga')[0]).toMatchObject({
    at: new Date(10),
    after: 'a',
  });
});
