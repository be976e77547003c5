import { backoffMs, type Backoff } from '../../async/backoff';

/** Identifies one probe of an outage. */
export type Probe = symbol;

/** Work that waits for an unavailable system takes turns to probe it, one at a time, each time another. */
export interface Outage {
  /**
   * Waits for a turn to probe; undefined when the outage ended first.
   * @throws the reason of `signal` when that came first
   */
  turn(signal: AbortSignal): Promise<Probe | undefined>;
  /** The system is still unavailable: the next probe comes after a pause twice as long. */
  failed(probe: Probe): void;
  /** The probe said nothing about the outage: the next in line probes at once. False when nothing waits. */
  pass(probe: Probe): boolean;
  /** Ends the outage, and releases all waiting work. */
  end(): void;
}

/** Pauses between attempts: 100 ms, 200 ms, … 5 s. */
export const outageBackoff: Backoff = { firstMs: 100, maxMs: 5_000 };

/** A probe that has not ended by then may never end, as on a connection whose peer is gone; the next one starts. */
const overdueMs = 15_000;

/** Starts an outage; the first probe comes after a pause. */
export function beginOutage(): Outage {
  const waiting = new Set<() => void>();
  let failures = 1;
  let probe: Probe | undefined;
  let isOver = false;
  /** Nothing waited when it was time to probe: the next caller probes at once. */
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
    async turn(signal) {
      signal.throwIfAborted();
      if (!isVacant) await waitInLine(waiting, signal);
      return isOver ? undefined : begin();
    },
    failed(one) {
      if (one !== probe) return; // It was overdue, and another probe has started.
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

/** Waits at the end of the line. @throws the reason of `signal` when that came first */
const waitInLine = (waiting: Set<() => void>, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const abort = (): void => {
      waiting.delete(go);
      reject(signal.reason as Error);
    };
    const go = (): void => {
      waiting.delete(go);
      signal.removeEventListener('abort', abort);
      resolve();
    };
    waiting.add(go);
    signal.addEventListener('abort', abort, { once: true });
  });
