import { backoffMs } from '../../async/backoff';
import { sleep } from '../../async/sleep';
import { classify } from '../../errors/classify';
import { beginOutage, outageBackoff, type Outage, type Probe } from './outage';

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
  /**
   * Attempts `work` until it ends in another way than by an outage. Work that fails while others succeed pauses by
   * itself, and does not hold them up.
   * @throws what `work` throws, unless it is an outage; the reason of `over` when that came first.
   */
  outlast<T>(work: () => Promise<T>, over: () => AbortSignal): Promise<T>;
  /** The work that is stuck for longest, or the outage; with the last error. Undefined while everything flows. */
  held(): (Held & { error: unknown }) | undefined;
}

/** Work that has met an outage and has not got on since, though others may have. */
interface Stuck {
  since: Date;
  error: unknown;
  /** Pauses so far; `isOvertaken` once there was one. */
  pauses: number;
  isOvertaken: boolean;
}

/** Whether an error says that a system is away, and nothing about the message. */
const isAway = (error: unknown): boolean => ['unavailable', 'broker-refused'].includes(classify(error).code);

/** Opens a gate. In an outage the next probe comes after 100 ms, 200 ms, … 5 s. */
export function createGate(): Gate {
  /** In the order of their first outage. */
  const stuckWork = new Set<Stuck>();
  let outage: (Outage & { since: Date; error: unknown }) | undefined;

  function end(): void {
    const ended = outage;
    outage = undefined;
    ended?.end();
  }

  function failed(error: unknown, current: Outage | undefined, probe: Probe | undefined, mayShut: boolean): void {
    if (!outage) {
      if (isAway(error) && mayShut) outage = { ...beginOutage(), since: new Date(), error };
      return;
    }
    if (isAway(error)) outage.error = error;
    if (!probe || outage !== current) return;
    if (isAway(error)) outage.failed(probe);
    // The message's own fault says nothing about the outage, and nobody is held any more.
    else if (!outage.pass(probe)) end();
  }

  async function run<T>(work: () => Promise<T>, over: () => AbortSignal, stuck?: Stuck): Promise<T> {
    let current = outage;
    let probe = await current?.turn(over());
    if (stuck && !probe) {
      // Others get on without it.
      await pause(stuck, over());
      current = outage;
      probe = await current?.turn(over());
    }
    try {
      const result = await work();
      end();
      return result;
    } catch (error) {
      failed(error, current, probe, !stuck?.isOvertaken);
      throw error;
    }
  }

  async function outlast<T>(work: () => Promise<T>, over: () => AbortSignal): Promise<T> {
    let stuck: Stuck | undefined;
    try {
      for (;;) {
        try {
          return await run(work, over, stuck);
        } catch (error) {
          if (!isAway(error)) throw error;
          stuck ??= { since: new Date(), error, pauses: 0, isOvertaken: false };
          stuck.error = error;
          stuckWork.add(stuck);
        }
      }
    } finally {
      if (stuck) stuckWork.delete(stuck);
    }
  }

  return {
    attempt: (work, over) => run(work, over),
    outlast,
    held() {
      const [longest = outage] = stuckWork;
      return longest && { reason: reasonOf(longest.error), since: longest.since, error: longest.error };
    },
  };
}

/** @throws the reason of `over` when that came first */
async function pause(stuck: Stuck, over: AbortSignal): Promise<void> {
  stuck.isOvertaken = true;
  stuck.pauses += 1;
  await sleep(backoffMs(stuck.pauses, outageBackoff), over);
  over.throwIfAborted();
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 300);
