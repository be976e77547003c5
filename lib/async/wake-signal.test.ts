import { expect, test } from '@jest/globals';
import { createWakeSignal } from './wake-signal';

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
