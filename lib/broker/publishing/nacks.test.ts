import { expect, test } from '@jest/globals';
import { createNackJudge } from './nacks';

const taken = { exchange: 'note-events', routingKey: 'note.taken' };
const moved = { exchange: 'note-events', routingKey: 'note.moved' };
const waits = [1_000, 8_000] as const;

test('a channel is replaced once nacks go on, not at the first ones', () => {
  const judge = createNackJudge(waits);
  expect(judge.nacked(taken, 0)).toBeUndefined();
  expect(judge.nacked(taken, 999)).toBeUndefined();
  expect(judge.nacked(taken, 1_000)).toEqual({ nacks: 3, durationMs: 1_000, replacedBefore: 0 });
});

test('an ack on the same route ends the run, an ack on another one does not', () => {
  const judge = createNackJudge(waits);
  judge.nacked(taken, 0);
  judge.acked(taken);
  expect(judge.nacked(taken, 1_500)).toBeUndefined();
  judge.acked(moved);
  expect(judge.nacked(taken, 2_500)).toMatchObject({ nacks: 2 });
});

test('nacks of different routes add up', () => {
  const judge = createNackJudge(waits);
  judge.nacked(taken, 0);
  expect(judge.nacked(moved, 1_000)).toMatchObject({ nacks: 2 });
});

test('nacks of the old channel do not count for the new one', () => {
  const judge = createNackJudge(waits);
  judge.nacked(taken, 0);
  judge.opened();
  expect(judge.nacked(taken, 1_500)).toBeUndefined();
});

test('for a queue that stays full the time between replacements doubles up to the bound, and then starts over', () => {
  const judge = createNackJudge(waits);
  const replaced: number[] = [];
  for (let now = 0; now <= 40_000; now += 100) if (judge.nacked(taken, now)) replaced.push(now);
  const between = replaced.map((at, index) => at - (replaced[index - 1] ?? 0));
  expect(between).toEqual([1_000, 2_100, 4_100, 8_100, 8_100, 8_100, 8_100]);
  judge.acked(taken);
  judge.nacked(taken, 100_000);
  expect(judge.nacked(taken, 101_000)).toMatchObject({ replacedBefore: 0 });
});
