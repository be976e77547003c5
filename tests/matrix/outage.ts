import { setTimeout as sleep } from 'node:timers/promises';
import { latch } from '../lib-support/latch';
import type { Proxy } from '../lib-support/proxy';

const outageMs = 2_000;

/** An outage of Temporal that several cases share: it begins when each of them is in the middle of its step. */
export interface SharedOutage {
  /**
   * Runs a case that takes part.
   * @param run calls its argument in the middle of its step, which resolves when the outage is over.
   */
  during<T>(run: (outage: () => Promise<void>) => Promise<T>): Promise<T>;
}

/** @param line the one through which the cases reach Temporal. */
export function createSharedOutage(line: Proxy): SharedOutage {
  let [over, expected, ready] = [latch(), 0, 0];
  const begin = async (): Promise<void> => {
    const { open } = over;
    [over, expected, ready] = [latch(), 0, 0];
    line.cut();
    await sleep(outageMs);
    line.restore();
    open();
  };
  const beginWhenComplete = (): void => {
    if (expected > 0 && ready === expected) void begin();
  };
  return {
    async during(run) {
      const mine = over;
      const own = { inStep: false };
      expected += 1;
      try {
        return await run(async () => {
          own.inStep = true;
          ready += 1;
          beginWhenComplete();
          await mine.opened;
        });
      } catch (error) {
        // The others do not wait for a case that has failed on its way.
        if (!own.inStep) expected -= 1;
        beginWhenComplete();
        throw error;
      }
    },
  };
}
