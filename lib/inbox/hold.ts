import { classify } from '../errors/classify';

/** Why a queue is held, and since when. */
export interface Held {
  reason: string;
  since: Date;
}

/** Lets work through while the systems that it needs are there; while one is away, one at a time tries. */
export interface Gate {
  /**
   * Runs `work` at its turn: at once, or in an outage when it is its turn to probe. A success lets all go on.
   * @param over ends the wait for a turn; asked for only in an outage, since most work never waits.
   * @throws what `work` throws, an outage too; the reason of `over` when that came first.
   */
  attempt<T>(work: () => Promise<T>, over: () => AbortSignal): Promise<T>;
  /** Undefined while everything flows. */
  held(): Held | undefined;
}

/** Whether an error says that a system is away, and nothing about the message. */
const isAway = (error: unknown): boolean => ['unavailable', 'broker-refused'].includes(classify(error).code);

/**
 * Runs `work` until it ends in another way than by an outage.
 * @throws what `work` throws, unless it is an outage; the reason of `over` when that came first.
 */
export async function outlast<T>(
  gate: Pick<Gate, 'attempt'>,
  work: () => Promise<T>,
  over: () => AbortSignal,
): Promise<T> {
  for (;;) {
    try {
      return await gate.attempt(work, over);
    } catch (error) {
      if (!isAway(error)) throw error;
    }
  }
}

const pauseMs = { first: 100, most: 5_000 };

interface Outage extends Held {
  pauseMs: number;
  /** Whoever waits for a turn to probe; a probe that fails goes to the end, so that none is in the way of the others. */
  waiting: (() => void)[];
  /** Nobody waited when it was time to probe: the next one may at once. */
  isVacant: boolean;
}

/**
 * Opens a gate. In an outage the next probe comes after 100 ms, 200 ms, … 5 s.
 * @param changed is told of the beginning and the end of each outage.
 */
export function createGate(changed: (outage: { held: Held; error: unknown } | undefined) => void): Gate {
  let outage: Outage | undefined;

  /** Resolves to whether it is a probe. */
  async function turn(endOf: () => AbortSignal): Promise<boolean> {
    const current = outage;
    if (!current) return false;
    const over = endOf();
    over.throwIfAborted();
    if (current.isVacant) {
      current.isVacant = false;
      return true;
    }
    await inLine(current, over);
    return outage === current;
  }

  /** The next in line probes. */
  function probe(current: Outage): void {
    if (outage !== current) return;
    const next = current.waiting.shift();
    current.isVacant = next === undefined;
    next?.();
  }

  function begin(error: unknown): void {
    const since = new Date();
    outage = { reason: reasonOf(error), since, pauseMs: pauseMs.first, waiting: [], isVacant: false };
    setTimeout(probe, pauseMs.first, outage).unref();
    changed({ held: outage, error });
  }

  function end(): void {
    if (!outage) return;
    const { waiting } = outage;
    outage = undefined;
    for (const go of waiting) go();
    changed(undefined);
  }

  function failed(error: unknown, wasProbe: boolean): void {
    if (!outage) {
      if (isAway(error)) begin(error);
      return;
    }
    if (isAway(error)) outage.reason = reasonOf(error);
    if (!wasProbe) return;
    if (isAway(error)) {
      outage.pauseMs = Math.min(outage.pauseMs * 2, pauseMs.most);
      setTimeout(probe, outage.pauseMs, outage).unref();
    } else if (outage.waiting.length > 0) probe(outage);
    // The message's own fault says nothing about the outage, and nobody is held any more.
    else end();
  }

  return {
    async attempt(work, over) {
      const isProbe = await turn(over);
      try {
        const result = await work();
        end();
        return result;
      } catch (error) {
        failed(error, isProbe);
        throw error;
      }
    },
    held: () => outage && { reason: outage.reason, since: outage.since },
  };
}

/** Waits for a turn. @throws the reason of `over` when that came first. */
const inLine = (outage: Outage, over: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const abort = (): void => {
      outage.waiting = outage.waiting.filter((waiting) => waiting !== go);
      reject(over.reason as Error);
    };
    const go = (): void => {
      over.removeEventListener('abort', abort);
      resolve();
    };
    outage.waiting.push(go);
    over.addEventListener('abort', abort, { once: true });
  });

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 300);
