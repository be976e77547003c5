import { platformError } from '../../errors/errors';

/** Limits the open streams of each caller in this process. */
export interface StreamLimit {
  /**
   * Counts a stream of the caller until the returned function is called.
   * @throws `too-many-requests` when the caller has reached the limit.
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
        throw platformError('too-many-requests', `The limit is ${perCaller} open streams; close one first`);
      change(caller, 1);
      let isOpen = true;
      return () => {
        if (isOpen) change(caller, -1);
        isOpen = false;
      };
    },
  };
}
