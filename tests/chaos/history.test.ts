import { expect, test } from '@jest/globals';
import { checkHistory, isClean, type Applied, type Published } from './history';

const event = (stream: string, version: number): Published => ({ id: `${stream}/${version}`, stream, version });
const log = [event('a', 1), event('a', 2), event('b', 1), event('a', 3)];

/** Effects of a subscription, written in the given order. */
const effects = (subscription: string, ...events: Published[]): Applied[] =>
  events.map((applied, seq) => ({ ...applied, seq, subscription }));
const [a1, a2, b1, a3] = [event('a', 1), event('a', 2), event('b', 1), event('a', 3)];

const projection = { subscription: 'projection', ordered: true };
const reaction = { subscription: 'reaction', ordered: false };
const check = (...applied: Published[]) => checkHistory(log, effects('projection', ...applied), [projection]);

test('every event once, each stream in order, streams mixed as they like: clean', () => {
  const findings = check(b1, a1, a2, a3);
  expect(findings).toMatchObject({ published: 4, applied: 4, lost: 0, doubled: 0, outOfOrder: 0, invented: 0 });
  expect(isClean(findings)).toBe(true);
});

test.each([
  ['an event without an effect is lost', [a1, a2, b1], { lost: 1 }],
  ['a second effect of an event is a double', [a1, a2, a2, b1, a3], { doubled: 1, lost: 0 }],
  ['an effect after that of a later version is out of order', [a2, a1, b1, a3], { outOfOrder: 1 }],
  ['an effect of what nobody published is invented', [a1, a2, b1, a3, event('c', 1)], { invented: 1 }],
])('%s', (_, applied, expected) => {
  const findings = check(...applied);
  expect(findings).toMatchObject(expected);
  expect(isClean(findings)).toBe(false);
});

test('each observer owes every event: what one applied does not count for the other', () => {
  const applied = [...effects('projection', a1, a2, b1, a3), ...effects('reaction', a1, b1)];
  expect(checkHistory(log, applied, [projection, reaction])).toMatchObject({ lost: 2, doubled: 0 });
});

test('a reaction may take events in any order, and still none twice', () => {
  expect(isClean(checkHistory(log, effects('reaction', a3, b1, a2, a1), [reaction]))).toBe(true);
  expect(checkHistory(log, effects('reaction', a3, b1, a2, a1, a3), [reaction])).toMatchObject({ doubled: 1 });
});

test('the order is that of the effects, not that in which they were read', () => {
  const read = effects('projection', a1, a2, b1, a3).reverse();
  expect(isClean(checkHistory(log, read, [projection]))).toBe(true);
});

test.each([
  ['a gap', [a1, a3]],
  ['a version twice', [a1, a2, { ...a2, id: 'another' }]],
])('a log with %s in a stream is told, also when all of it was applied', (_, broken) => {
  expect(checkHistory(broken, effects('projection', ...broken), [projection]).brokenStreams).toBe(1);
});

test('of a thousand violations the first few are told, and all are counted', () => {
  const many = Array.from({ length: 1_000 }, (_, index) => event('long', index + 1));
  const findings = checkHistory(many, [], [projection]);
  expect(findings.lost).toBe(1_000);
  expect(findings.violations.length).toBeLessThan(10);
});
