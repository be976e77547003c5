import { expect, test } from '@jest/globals';
import { sleep, withTimeout, createWakeSignal } from './wait';

test('an abort ends a sleep without an error', async () => {
  const stopping = new AbortController();
  const sleeping = sleep(60_000, stopping.signal);
  stopping.abort(new Error('stopped'));
  await expect(sleeping).resolves.toBeUndefined();
});

test('a sleep with an aborted signal ends at once', async () => {
  await expect(sleep(60_000, AbortSignal.abort())).resolves.toBeUndefined();
});

test('a sleep lasts as long as requested', async () => {
  const began = performance.now();
  await sleep(30, new AbortController().signal);
  expect(performance.now() - began).toBeGreaterThanOrEqual(28);
});

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

test('a notification ends a wait', async () => {
  const signal = createWakeSignal();
  const waiting = signal.wait(60_000);
  signal.notify();
  await expect(waiting).resolves.toBe(true);
});

test('a wait without a notification ends after its time', async () => {
  await expect(createWakeSignal().wait(5)).resolves.toBe(false);
});

test('notifications before a wait are kept for it, as one', async () => {
  const signal = createWakeSignal();
  signal.notify();
  signal.notify();
  await expect(signal.wait(60_000)).resolves.toBe(true);
  await expect(signal.wait(5)).resolves.toBe(false);
});
