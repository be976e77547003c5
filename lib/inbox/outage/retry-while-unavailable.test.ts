import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { platformError } from '../../errors/errors';
import { createGate } from './retry-while-unavailable';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const never = (): AbortSignal => new AbortController().signal;

test('a probe that does not end leaves the next turn to another one', async () => {
  const gate = createGate();
  let isUnavailable = true;
  let attempts = 0;
  const end: (() => void)[] = [];
  /** Fails at once, then hangs. */
  const hanging = (): Promise<string> => {
    attempts += 1;
    if (attempts === 1) throw platformError('unavailable', 'away');
    return new Promise((resolve) => end.push(() => resolve('late')));
  };
  const healthy = (): Promise<string> => {
    if (isUnavailable) throw platformError('unavailable', 'away');
    return Promise.resolve('done');
  };
  const first = gate.retryWhileUnavailable(hanging, never);
  const second = gate.retryWhileUnavailable(healthy, never);
  await jest.advanceTimersByTimeAsync(1_000);
  expect(attempts).toBe(2);
  expect(gate.held()).toMatchObject({ reason: 'away' });
  isUnavailable = false;
  await jest.advanceTimersByTimeAsync(15_000);
  expect(await second).toBe('done');
  end.forEach((resolve) => resolve());
  expect(await first).toBe('late');
  expect(gate.held()).toBeUndefined();
});
