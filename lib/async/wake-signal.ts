/** Wakes a waiting loop. A notification that arrives while nothing waits is kept for the next wait. */
export interface WakeSignal {
  readonly notify: () => void;
  /** Waits until notified (true), or until `ms` have passed (false). Only one caller at a time may wait. */
  readonly wait: (ms: number) => Promise<boolean>;
}

export function createWakeSignal(): WakeSignal {
  let isNotified = false;
  let endWait: (() => void) | undefined;
  return {
    notify: () => {
      isNotified = true;
      endWait?.();
    },
    wait: async (ms) => {
      if (!isNotified) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          endWait = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      endWait = undefined;
      const wasNotified = isNotified;
      isNotified = false;
      return wasNotified;
    },
  };
}
