/** A bell to wait for. Rung while nobody waits, it is heard by the next who does. */
export interface Bell {
  readonly ring: () => void;
  /** Until the bell rings (true), or `ms` have passed (false). One at a time may wait. */
  readonly wait: (ms: number) => Promise<boolean>;
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
      const heard = rung;
      rung = false;
      return heard;
    },
  };
}
