import { expect, test } from '@jest/globals';
import type { Happening } from './happening';
import { timelineOf } from './timeline';

const happening = (text: string, ms: number, more: Partial<Happening> = {}): Happening => ({
  at: new Date(ms),
  source: 'orders',
  kind: 'test',
  text,
  ...more,
});
const textsOf = (happened: Happening[]): string[] => timelineOf(happened).map(({ text }) => text);

test('what happened is told by its time, with the gap to what came before', () => {
  const lines = timelineOf([happening('late', 1_500), happening('early', 1_000)]);
  expect(lines.map(({ text, gapMs }) => [text, gapMs])).toEqual([
    ['early', 0],
    ['late', 500],
  ]);
});

test('an effect comes after its cause, also when its clock is five seconds behind', () => {
  const cause = happening('cause', 10_000, { id: 'a' });
  const effect = happening('effect', 5_000, { id: 'b', after: 'a' });
  const next = happening('its effect', 5_100, { after: 'b' });
  expect(textsOf([next, effect, happening('later', 10_001), cause])).toEqual([
    'cause',
    'effect',
    'its effect',
    'later',
  ]);
  expect(timelineOf([effect, cause])[1]).toMatchObject({ at: effect.at, gapMs: -5_000 });
});

test('the events of a stream keep their sequence, whatever their times', () => {
  const stream = [3, 1, 2].map((version) => happening(`v${version}`, 100 - version, { stream: 's', version }));
  expect(textsOf(stream)).toEqual(['v1', 'v2', 'v3']);
});

test('causes that name each other, or nothing that is known, do no harm', () => {
  const one = happening('one', 1, { id: 'a', after: 'b' });
  const other = happening('other', 2, { id: 'b', after: 'a' });
  expect(textsOf([one, other, happening('orphan', 3, { after: 'gone' })])).toHaveLength(3);
});

test('a stream of ten thousand events is put in sequence', () => {
  const events = Array.from({ length: 10_000 }, (_, index) =>
    happening(`v${index}`, 10_000 - index, { stream: 's', version: index + 1 }),
  );
  const lines = timelineOf(events);
  expect([lines[0]?.text, lines.at(-1)?.text]).toEqual(['v0', 'v9999']);
});
