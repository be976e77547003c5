import { performance } from 'node:perf_hooks';
import type { Metrics } from '../../telemetry/metrics';

/**
 * Limits the number of concurrent requests by additive increase and multiplicative decrease, as in TCP: the limit falls
 * while the process is behind, and grows otherwise. So admitted requests keep their latency, whatever the load.
 */
export interface Admission {
  /**
   * Admits a request until the returned function is called; undefined when the limit is reached.
   * @param connection the one that the request came on: whoever asks again and again counts once.
   */
  enter(connection: object): (() => void) | undefined;
  /**
   * Adjusts the limit to what has happened since the last call; call it at regular intervals.
   * @param isSaturated whether the process could not have done more in this time.
   */
  adjust(isSaturated: boolean): void;
  limit(): number;
}

export interface AdmissionOptions {
  /** The limit never falls below this. */
  minLimit: number;
  /** While no more connections than this ask at once, all their requests are admitted. */
  calmLimit: number;
  maxLimit: number;
  /** A saturated process is behind when admitted requests take longer than this on average. */
  targetMs: number;
  /** In milliseconds. */
  now?: () => number;
}

export const defaultAdmission: AdmissionOptions = { minLimit: 16, calmLimit: 128, maxLimit: 1_024, targetMs: 30 };

export function createAdmission(options: AdmissionOptions = defaultAdmission): Admission {
  const { minLimit, calmLimit, maxLimit, targetMs, now = () => performance.now() } = options;
  // A burst of twice as many is admitted. More at once would wait too long if the process turned out to be saturated.
  let limit = Math.min(maxLimit, 2 * calmLimit);
  let underWay = 0;
  let interval = emptyInterval(underWay);

  const enterAt = (beganMs: number) => (): void => {
    underWay -= 1;
    interval.finished += 1;
    interval.totalMs += now() - beganMs;
  };

  return {
    enter(connection) {
      interval.asking.add(connection);
      if (underWay >= limit) return undefined;
      underWay += 1;
      interval.most = Math.max(interval.most, underWay);
      return enterAt(now());
    },
    adjust(isSaturated) {
      const { most, asking, finished, totalMs } = interval;
      interval = emptyInterval(underWay);
      const isCrowded = Math.max(most, asking.size) > calmLimit;
      const isBehind = isSaturated && (finished === 0 || totalMs / finished > targetMs);
      // At once to what a calm process admits: every request above it waits, and makes all others wait.
      if (isBehind && isCrowded) limit = limit > calmLimit ? calmLimit : Math.max(minLimit, Math.floor(limit * 0.8));
      // What is not used is no evidence that the process could take more.
      else if (!isBehind && most * 2 >= limit) limit = Math.min(maxLimit, limit + Math.ceil(limit / 20));
      if (!isCrowded) limit = Math.max(limit, calmLimit);
    },
    limit: () => limit,
  };
}

/** What has happened since the last adjustment. */
const emptyInterval = (underWay: number) => ({
  most: underWay,
  asking: new Set<object>(),
  finished: 0,
  totalMs: 0,
});

/** A connection pool: how many callers wait for a connection, and how many connections it has at most. */
export interface WaitingPool {
  readonly waitingCount: number;
  readonly options: { readonly max: number };
}

/** A process is saturated when its event loop has been idle for less than the rest of this share of the time, */
const busyShare = 0.95;
/** or when this many callers wait for each connection of a pool. */
const waitingPerConnection = 4;

/** @param utilization the share of the time in which the event loop was busy, from 0 to 1. */
export const isSaturated = (utilization: number, pools: readonly WaitingPool[]): boolean =>
  utilization > busyShare ||
  pools.some(({ waitingCount, options }) => waitingCount > options.max * waitingPerConnection);

const adjustMs = 100;

/** Adjusts the limit to the load of the process, and reports it in a metric. Returns how to stop. */
export function followLoad(admission: Admission, pools: readonly WaitingPool[], metrics: Metrics): () => void {
  const shown = metrics.gauge('http_concurrency_limit', 'Limit of concurrent requests', []);
  let before = performance.eventLoopUtilization();
  const timer = setInterval(() => {
    const { utilization } = performance.eventLoopUtilization(before);
    before = performance.eventLoopUtilization();
    admission.adjust(isSaturated(utilization, pools));
    shown.set(admission.limit());
  }, adjustMs);
  timer.unref();
  return () => clearInterval(timer);
}
