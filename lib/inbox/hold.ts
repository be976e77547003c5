import { setTimeout as sleep } from 'node:timers/promises';
import { classify } from '../errors/classify';

export interface HoldOptions<T> {
  /** What went wrong. */
  failure: unknown;
  /** Tries the same once more. */
  again: () => Promise<T>;
  /** Finds another place for what can't be done. */
  aside: (failure: unknown) => Promise<T>;
  /** Told of every wait, with the reason. */
  onHeld: (error: unknown, pauseMs: number) => void;
  /** Ends the holding: somebody else deals with it. */
  over: AbortSignal;
}

const pauseMs = { first: 100, most: 5_000 };

/**
 * Deals with a failure. While a system that is needed is away, that is not the message's fault: the same is tried again,
 * for as long as it takes. Any other failure is set aside, which is tried for as long as it takes, too.
 * Gives back undefined when it was over before that.
 */
export async function holdUntilSettled<T>({ failure, again, aside, onHeld, over }: HoldOptions<T>) {
  let error = failure;
  for (let pause = pauseMs.first; !over.aborted; pause = Math.min(pause * 2, pauseMs.most)) {
    const wasAway = isAway(error);
    try {
      return await (wasAway ? again() : aside(error));
    } catch (next) {
      // What keeps a message from being set aside says nothing about the message.
      if (wasAway) error = next;
      if (wasAway && !isAway(next)) continue;
      onHeld(next, pause);
      await sleep(pause, undefined, { signal: over }).catch(() => undefined); // Over: no more waiting.
    }
  }
  return undefined;
}

const isAway = (error: unknown): boolean => ['unavailable', 'broker-refused'].includes(classify(error).code);
