import { backoffMs, type Backoff } from '../../async/backoff';

/** Stands for one probe of an outage. */
export type Probe = symbol;

/** The turns of those who wait for a system that is away: one at a time probes, each time another one. */
export interface Outage {
  /**
   * Waits for a turn to probe; undefined when the outage ended first.
   * @throws the reason of `over` when that came first
   */
  turn(over: AbortSignal): Promise<Probe | undefined>;
  /** The system is still away: the next probe comes after a pause twice as long. */
  failed(probe: Probe): void;
  /** The probe said nothing about the outage: the next in line probes at once. False when nobody is held. */
  pass(probe: Probe): boolean;
  /** Lets all go on. */
  end(): void;
}

/** Pauses between attempts: 100 ms, 200 ms, … 5 s. */
export const outageBackoff: Backoff = { firstMs: 100, maxMs: 5_000 };

/** A probe that has not ended by then may never end, as on a connection whose other side is gone; others go on. */
const overdueMs = 15_000;

/** Begins an outage; the first probe comes after a pause. */
export function beginOutage(): Outage {
  const waiting = new Set<() => void>();
  let failures = 1;
  let probe: Probe | undefined;
  let isOver = false;
  /** Nobody waited when it was time to probe: the next one may at once. */
  let isVacant = false;
  let timer = setTimeout(next, backoffMs(failures, outageBackoff)).unref();

  function nextAfter(ms: number): void {
    clearTimeout(timer);
    isVacant = false;
    timer = setTimeout(next, ms).unref();
  }

  function next(): void {
    clearTimeout(timer);
    const [go] = waiting;
    isVacant = go === undefined;
    go?.();
  }

  function begin(): Probe {
    nextAfter(overdueMs);
    return (probe = Symbol('probe'));
  }

  return {
    async turn(over) {
      over.throwIfAborted();
      if (!isVacant) await inLine(waiting, over);
      return isOver ? undefined : begin();
    },
    failed(one) {
      if (one !== probe) return; // It was overdue, and another one probes.
      failures += 1;
      nextAfter(backoffMs(failures, outageBackoff));
    },
    pass(one) {
      if (one !== probe) return true;
      const isAwaited = waiting.size > 0;
      if (isAwaited) next();
      return isAwaited;
    },
    end() {
      isOver = true;
      clearTimeout(timer);
      for (const go of [...waiting]) go();
    },
  };
}

/** Waits at the end of the line. @throws the reason of `over` when that came first */
const inLine = (waiting: Set<() => void>, over: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const abort = (): void => {
      waiting.delete(go);
      reject(over.reason as Error);
    };
    const go = (): void => {
      waiting.delete(go);
      over.removeEventListener('abort', abort);
      resolve();
    };
    waiting.add(go);
    over.addEventListener('abort', abort, { once: true });
  });
