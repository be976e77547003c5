import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Metrics } from '../../telemetry/metrics';

/**
 * Decides which requests are taken on. The limit of those under way at once falls while the process is late, and grows
 * while it is not and the limit is reached (additive increase, multiplicative decrease, as TCP does it). So requests that
 * are taken on keep their latency, whatever is asked for besides.
 */
export interface Admission {
  /** Takes a request on, until the function that is returned is called; undefined when there are enough. */
  enter(): (() => void) | undefined;
  /** Call it at regular intervals. */
  adjust(isLate: boolean): void;
  limit(): number;
}

export interface AdmissionOptions {
  /** Requests at once that are always taken on. */
  minLimit: number;
  maxLimit: number;
}

export const defaultAdmission: AdmissionOptions = { minLimit: 64, maxLimit: 1_024 };

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
    adjust(isLate) {
      const most = mostUnderWay;
      mostUnderWay = underWay;
      if (isLate) limit = Math.max(minLimit, Math.floor(Math.min(limit, most) * 0.8));
      else if (most >= limit) limit = Math.min(maxLimit, limit + Math.ceil(limit / 20));
    },
    limit: () => limit,
  };
}

/** A connection pool: how many wait for a connection, and how many connections there are at most. */
export interface WaitingPool {
  readonly waitingCount: number;
  readonly options: { readonly max: number };
}

/** A process is late when its event loop is so many milliseconds behind on average, */
const lateLoopMs = 25;
/** or when so many wait for each connection of a pool. */
const lateWaitingPerConnection = 4;

const adjustMs = 200;
/** The steps in which the delay of the event loop is measured. */
const resolutionMs = 10;

/** Adjusts the limit to how late the process is, and shows it; returns what ends that. */
export function followLoad(admission: Admission, pools: readonly WaitingPool[], metrics: Metrics): () => void {
  const shown = metrics.gauge('http_concurrency_limit', 'Requests that are taken on at once at most', []);
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  const timer = setInterval(() => {
    // No measurement at all: the loop has not come round once.
    const isLoopLate = delay.count === 0 || delay.mean / 1e6 - resolutionMs > lateLoopMs;
    delay.reset();
    admission.adjust(isLoopLate || pools.some(isLate));
    shown.set(admission.limit());
  }, adjustMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    delay.disable();
  };
}

const isLate = ({ waitingCount, options }: WaitingPool): boolean =>
  waitingCount > options.max * lateWaitingPerConnection;
