import { expect, test } from '@jest/globals';
import { sleep } from './sleep';

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
