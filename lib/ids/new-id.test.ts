import { expect, test } from '@jest/globals';
import { validate, version } from 'uuid';
import { createIds } from './new-id';
import { randomBytes } from './random-bytes';

test('ids are UUIDv7 with their time, and rise, also within a millisecond and when the clock is set back', () => {
  let time = Date.parse('2026-01-01T00:00:00Z');
  const newId = createIds({ now: () => time });
  const ids = Array.from({ length: 1_000 }, (_, n) => {
    if (n === 500) time += 1;
    if (n === 700) time -= 1_000;
    return newId();
  });
  for (const id of ids) expect(validate(id) && version(id)).toBe(7);
  expect(parseInt((ids[0] ?? '').replace('-', '').slice(0, 12), 16)).toBe(Date.parse('2026-01-01T00:00:00Z'));
  expect([...new Set(ids)].sort()).toEqual(ids);
});

test('random bytes are given out once, also when the pool is filled again', () => {
  const kept = Array.from({ length: 2_000 }, () => randomBytes(12));
  const texts = kept.map((bytes) => bytes.toString('hex'));
  expect(new Set(texts).size).toBe(2_000);
  randomBytes(4_096);
  expect(kept.map((bytes) => bytes.toString('hex'))).toEqual(texts);
});
