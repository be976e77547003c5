/** A bell to wait for. Rung while nobody waits, it is heard by the next who does. */
export interface Bell {
  readonly ring: () => void;
  /** Until the bell rings, or `ms` have passed. One at a time may wait. */
  readonly wait: (ms: number) => Promise<void>;
}

export function createBell(): Bell {
  let rung = false;
  let hear: (() => void) | undefined;
  return {
    ring: () => {
      rung = true;
      hear?.();
    },
    wait: async (ms) => {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          hear = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      hear = undefined;
      rung = false;
    },
  };
}
