import { platformError } from '../../errors/errors';

/** How many streams each caller has open in this process. */
export interface StreamLimit {
  /**
   * Counts a stream of the caller until the function that is returned is called.
   * @throws `too-many-requests` when the caller has enough.
   */
  enter(caller: string): () => void;
}

export const defaultStreamsPerCaller = 100;

export function createStreamLimit(perCaller = defaultStreamsPerCaller): StreamLimit {
  const open = new Map<string, number>();

  const change = (caller: string, by: 1 | -1): void => {
    const count = (open.get(caller) ?? 0) + by;
    if (count === 0) open.delete(caller);
    else open.set(caller, count);
  };

  return {
    enter(caller) {
      if ((open.get(caller) ?? 0) >= perCaller)
        throw platformError('too-many-requests', `You have ${perCaller} streams open: close one first`);
      change(caller, 1);
      let isOpen = true;
      return () => {
        if (isOpen) change(caller, -1);
        isOpen = false;
      };
    },
  };
}
