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
  maxLimit: number;
}

export const defaultAdmission: AdmissionOptions = { minLimit: 128, maxLimit: 1_024 };

export function createAdmission({ minLimit, maxLimit }: AdmissionOptions = defaultAdmission): Admission {
  let limit = maxLimit;
  let underWay = 0;
  /** Since the last adjustment. */
  let mostUnderWay = 0;

  const leave = (): void => {
    underWay -= 1;
  };

  return {
    enter() {
      if (underWay >= limit) return undefined;
      underWay += 1;
      mostUnderWay = Math.max(mostUnderWay, underWay);
      return leave;
    },
    adjust(isBehind) {
      const most = mostUnderWay;
      mostUnderWay = underWay;
      if (isBehind) limit = Math.max(minLimit, Math.floor(Math.min(limit, most) * 0.8));
      else if (most >= limit) limit = Math.min(maxLimit, limit + Math.ceil(limit / 20));
    },
    limit: () => limit,
  };
}

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
