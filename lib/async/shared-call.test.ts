import { expect, test } from '@jest/globals';
import { sharedCall } from './shared-call';

test('concurrent calls share one call and its result; later calls make another', async () => {
  let calls = 0;
  const count = sharedCall(() => Promise.resolve((calls += 1)));
  expect(await Promise.all([count('a'), count('a')])).toEqual([1, 1]);
  expect(await count('a')).toBe(2);
});

test('calls with different keys share nothing', async () => {
  const calls: string[] = [];
  const remember = sharedCall((key) => Promise.resolve(calls.push(key)));
  await Promise.all([remember('a'), remember('b')]);
  expect(calls).toEqual(['a', 'b']);
});

test('all callers that share a failing call get its error, and the next call runs again', async () => {
  let calls = 0;
  const fail = sharedCall(() => Promise.reject(new Error(`call ${(calls += 1)}`)));
  const failed = await Promise.allSettled([fail('a'), fail('a')]);
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect(fail('a')).rejects.toThrow('call 2');
});
