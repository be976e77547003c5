import { backoffMs } from '../../async/backoff';
import { sleep } from '../../async/wait';
import { classify } from '../../errors/classify';
import { beginOutage, outageBackoff, type Outage, type Probe } from './outage';

/** Why a queue is held, and since when. */
export interface Held {
  reason: string;
  since: Date;
}

/** Lets work through while its dependencies are available; during an outage, only one probe at a time. */
export interface Gate {
  /**
   * Runs `work` at once, or during an outage when it is its turn to probe. A success ends the outage.
   * @param signal ends the wait for a turn; called only during an outage, since most work never waits.
   * @throws what `work` throws, including an outage; the reason of `signal` when that came first.
   */
  readonly attempt: <T>(work: () => Promise<T>, signal: () => AbortSignal) => Promise<T>;
  /**
   * Attempts `work` until it ends in another way than by an outage. Work that keeps meeting an outage while other work
   * succeeds pauses on its own, and does not hold the others up.
   * @throws what `work` throws, unless it is an outage; the reason of `signal` when that came first.
   */
  readonly retryWhileUnavailable: <T>(work: () => Promise<T>, signal: () => AbortSignal) => Promise<T>;
  /** The work that has been stuck longest, or the outage; with the last error. Undefined while everything flows. */
  held(): (Held & { error: unknown }) | undefined;
}

/** Work that has met an outage and has not succeeded since, though other work may have. */
interface Stuck {
  since: Date;
  error: unknown;
  /** Pauses so far; `isOvertaken` once there was one. */
  pauses: number;
  isOvertaken: boolean;
}

/** Whether an error means that a system is unavailable, and says nothing about the message. */
const isUnavailable = (error: unknown): boolean => ['unavailable', 'broker-refused'].includes(classify(error).code);

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
      if (isUnavailable(error) && mayShut) outage = { ...beginOutage(), since: new Date(), error };
      return;
    }
    if (isUnavailable(error)) outage.error = error;
    if (!probe || outage !== current) return;
    if (isUnavailable(error)) outage.failed(probe);
    // A fault of the message says nothing about the outage; when nothing else waits, the outage ends.
    else if (!outage.pass(probe)) end();
  }

  async function run<T>(work: () => Promise<T>, signal: () => AbortSignal, stuck?: Stuck): Promise<T> {
    let current = outage;
    let probe = await current?.turn(signal());
    if (stuck && !probe) {
      // Other work succeeds without it.
      await pause(stuck, signal());
      current = outage;
      probe = await current?.turn(signal());
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

  async function retryWhileUnavailable<T>(work: () => Promise<T>, signal: () => AbortSignal): Promise<T> {
    let stuck: Stuck | undefined;
    try {
      for (;;) {
        try {
          return await run(work, signal, stuck);
        } catch (error) {
          if (!isUnavailable(error)) throw error;
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
    attempt: (work, signal) => run(work, signal),
    retryWhileUnavailable,
    held() {
      const [longest = outage] = stuckWork;
      return longest && { reason: reasonOf(longest.error), since: longest.since, error: longest.error };
    },
  };
}

/** @throws the reason of `signal` when that came first */
async function pause(stuck: Stuck, signal: AbortSignal): Promise<void> {
  stuck.isOvertaken = true;
  stuck.pauses += 1;
  await sleep(backoffMs(stuck.pauses, outageBackoff), signal);
  signal.throwIfAborted();
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 300);
