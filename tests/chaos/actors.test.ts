import { expect, test } from '@jest/globals';
import { temperOf } from './actors';

const tempers = (seed: number) => Array.from({ length: 500 }, (_, number) => temperOf(seed, number));

test('what is done with an order follows from the seed and its number', () => {
  expect(tempers(7)).toEqual(tempers(7));
  expect(tempers(8)).not.toEqual(tempers(7));
});

test('of many orders some are cancelled, some carried in the wrong order, at all moments', () => {
  const all = tempers(7);
  const shareOf = (is: (temper: (typeof all)[number]) => boolean) => all.filter(is).length / all.length;
  expect(shareOf(({ mind }) => mind < 0.25)).toBeGreaterThan(0.15);
  expect(shareOf(({ isMuddled }) => isMuddled)).toBeGreaterThan(0.4);
  expect(shareOf(({ moment }) => moment < 0.5)).toBeGreaterThan(0.4);
});
