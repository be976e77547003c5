import { expect, test } from '@jest/globals';
import { sleep } from './sleep';
import { withTimeout } from './time-out';

const tooSlow = (): Error => new Error('too slow');

test('work that ends in time returns its result, or throws its error', async () => {
  await expect(withTimeout(1_000, Promise.resolve(1), tooSlow)).resolves.toBe(1);
  await expect(withTimeout(1_000, Promise.reject(new Error('its own')), tooSlow)).rejects.toThrow('its own');
});

test('work that takes too long times out', async () => {
  await expect(withTimeout(10, new Promise(() => undefined), tooSlow)).rejects.toThrow('too slow');
});

test('an error after the time-out is ignored', async () => {
  const late = sleep(20).then(() => {
    throw new Error('late');
  });
  await expect(withTimeout(5, late, tooSlow)).rejects.toThrow('too slow');
  await sleep(30); // An unhandled rejection would end the test run.
});
