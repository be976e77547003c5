import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { coalesce } from './batching';

const double = (batch: number[]): Promise<number[]> => Promise.resolve(batch.map((item) => item * 2));

/** A `run` that waits until it is released, and records its batches. */
function gated() {
  const batches: number[][] = [];
  const gates: (() => void)[] = [];
  const run = async (batch: number[]): Promise<number[]> => {
    batches.push(batch);
    await new Promise<void>((resolve) => gates.push(resolve));
    return double(batch);
  };
  const letGo = async (): Promise<void> => {
    gates.shift()?.();
    await turn();
  };
  return { batches, run, letGo };
}

test('calls of one turn of the event loop are one batch', async () => {
  const { batches, run, letGo } = gated();
  const call = coalesce(run, { max: 10, lanes: 1 });
  const results = Promise.all([1, 2, 3].map(call));
  await turn();
  await letGo();
  expect(await results).toEqual([2, 4, 6]);
  expect(batches).toEqual([[1, 2, 3]]);
});

test('calls that arrive while every lane is busy form the next batch', async () => {
  const { batches, run, letGo } = gated();
  const call = coalesce(run, { max: 3, lanes: 2 });
  const results = [1, 2, 3, 4, 5, 6, 7, 8].map(call);
  await turn();
  expect(batches).toEqual([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  results.push(call(9));
  await letGo();
  expect(batches[2]).toEqual([7, 8, 9]);
  await letGo();
  await letGo();
  expect(await Promise.all(results)).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18]);
});

test('a batch that fails rejects all of its calls, and the next one runs', async () => {
  let failing = true;
  const call = coalesce((batch: number[]) => (failing ? Promise.reject(new Error('down')) : double(batch)), {
    max: 10,
    lanes: 1,
  });
  const outcomes = await Promise.allSettled([call(1), call(2)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  failing = false;
  expect(await call(3)).toBe(6);
});

test('a batch that returns too few results is refused, so that no call waits forever', async () => {
  const call = coalesce((batch: number[]) => double(batch.slice(1)), { max: 10, lanes: 1 });
  await expect(call(1)).rejects.toThrow('A batch of 1 items returned 0 results');
});

test('every call gets its own result, within the limits, whenever it arrives', async () => {
  const calls = fc.array(fc.record({ item: fc.integer(), afterMs: fc.integer({ min: 0, max: 5 }) }), { maxLength: 30 });
  const limits = fc.record({ max: fc.integer({ min: 1, max: 5 }), lanes: fc.integer({ min: 1, max: 3 }) });
  await fc.assert(
    fc.asyncProperty(calls, limits, async (wanted, { max, lanes }) => {
      let running = 0;
      const call = coalesce(
        async (batch: number[]) => {
          running += 1;
          expect(running).toBeLessThanOrEqual(lanes);
          expect(batch.length).toBeLessThanOrEqual(max);
          await sleep(1);
          running -= 1;
          return double(batch);
        },
        { max, lanes },
      );
      const results = wanted.map(({ item, afterMs }) => sleep(afterMs).then(() => call(item)));
      expect(await Promise.all(results)).toEqual(wanted.map(({ item }) => item * 2));
    }),
    { numRuns: 50 },
  );
});
