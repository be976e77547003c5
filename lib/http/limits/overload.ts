import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Metrics } from '../../telemetry/metrics';

/**
 * Limits the number of concurrent requests. The limit falls while the process is behind, and grows while it is not and the
 * limit is reached: additive increase, multiplicative decrease, as in TCP. So admitted requests keep their latency, whatever
 * the load.
 */
export interface Admission {
  /** Admits a request until the returned function is called; undefined when the limit is reached. */
  enter(): (() => void) | undefined;
  /** Call it at regular intervals. */
  adjust(isBehind: boolean): void;
  limit(): number;
}

export interface AdmissionOptions {
  /** The limit never falls below this. */
  minLimit: number;
  /** The limit falls below this only while requests are refused: as long as no more come at once, all are admitted. */
  calmLimit: number;
  maxLimit: number;
  /** While requests are refused, the process is behind when admitted ones take longer than this on average. */
  targetMs: number;
  /** In milliseconds. */
  now?: () => number;
}

export const defaultAdmission: AdmissionOptions = { minLimit: 16, calmLimit: 128, maxLimit: 1_024, targetMs: 30 };

export function createAdmission(options: AdmissionOptions = defaultAdmission): Admission {
  const { minLimit, calmLimit, maxLimit, targetMs, now = () => performance.now() } = options;
  let limit = maxLimit;
  let underWay = 0;
  let interval = emptyInterval(underWay);

  const enterAt = (beganMs: number) => (): void => {
    underWay -= 1;
    interval.finished += 1;
    interval.totalMs += now() - beganMs;
  };

  return {
    enter() {
      if (underWay >= limit) {
        interval.refused += 1;
        return undefined;
      }
      underWay += 1;
      interval.most = Math.max(interval.most, underWay);
      return enterAt(now());
    },
    adjust(isBehind) {
      const { most, refused, finished, totalMs } = interval;
      interval = emptyInterval(underWay);
      const isSlow = refused > 0 && (finished === 0 || totalMs / finished > targetMs);
      const floor = refused > 0 ? minLimit : calmLimit;
      if (isBehind || isSlow) limit = Math.max(floor, Math.floor(Math.min(limit, most) * 0.8));
      else if (most >= limit) limit = Math.min(maxLimit, limit + Math.ceil(limit / 20));
      if (refused === 0) limit = Math.max(limit, calmLimit);
    },
    limit: () => limit,
  };
}

/** What has happened since the last adjustment. */
const emptyInterval = (underWay: number) => ({ most: underWay, refused: 0, finished: 0, totalMs: 0 });

/** A connection pool: how many callers wait for a connection, and how many connections it has at most. */
export interface WaitingPool {
  readonly waitingCount: number;
  readonly options: { readonly max: number };
}

/** A process is behind when its event loop is delayed by this many milliseconds on average, */
const loopDelayMs = 50;
/** or when this many callers wait for each connection of a pool. */
const waitingPerConnection = 4;

const adjustMs = 200;
/** The interval at which the delay of the event loop is sampled. */
const resolutionMs = 10;

/** Adjusts the limit to the load of the process, and reports it in a metric. Returns how to stop. */
export function followLoad(admission: Admission, pools: readonly WaitingPool[], metrics: Metrics): () => void {
  const shown = metrics.gauge('http_concurrency_limit', 'Limit of concurrent requests', []);
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  const timer = setInterval(() => {
    // Without a sample, the event loop has been blocked for the whole interval.
    const isLoopBehind = delay.count === 0 || delay.mean / 1e6 - resolutionMs > loopDelayMs;
    delay.reset();
    admission.adjust(isLoopBehind || pools.some(isBehind));
    shown.set(admission.limit());
  }, adjustMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    delay.disable();
  };
}

const isBehind = ({ waitingCount, options }: WaitingPool): boolean => waitingCount > options.max * waitingPerConnection;
