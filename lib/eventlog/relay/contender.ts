import { backoffMs } from '../../async/backoff';
import { sleep } from '../../async/sleep';
import type { Queryable } from '../../db/database';
import { classify } from '../../errors/classify';
import type { Logger } from '../../telemetry/logger';
import type { WakeSignal } from '../../async/wake-signal';
import type { Delivery } from './delivery';
import type { RelayMetrics } from './metrics';
import type { StallWatch } from './stall';
import { insertRelay, takeLease } from './store';
import { tenure } from './tenure';
import type { RelayTuning } from './tuning';

export interface ContenderOptions {
  db: Queryable;
  /** The relay whose lease is contended for. */
  name: string;
  owner: string;
  delivery: Delivery;
  stall: StallWatch;
  wake: WakeSignal;
  stopping: AbortSignal;
  logger: Logger;
  metrics: RelayMetrics;
  tuning: RelayTuning;
}

/** One of the relays that may publish a log. */
export interface Contender {
  /** Whether it is the one that publishes now. */
  isHolding(): boolean;
  /** Tries for the lease and publishes while it has it, again after every failure, until it is stopped. */
  run(): Promise<void>;
}

export function createContender(options: ContenderOptions): Contender {
  const { db, name, owner, delivery, stall, wake, stopping, logger, metrics, tuning } = options;
  let known = false;
  let holding = false;
  let failures = 0;

  const onConfirmed = (): void => {
    failures = 0;
  };

  async function publishWhileMine(): Promise<void> {
    if (!known) await insertRelay(db, name);
    known = true;
    const takenAt = performance.now();
    const taken = await takeLease(db, name, owner, tuning.leaseMs);
    if (!taken) {
      stall.progressed();
      await wake.wait(tuning.pollMs);
      return;
    }
    const { lease, start } = taken;
    logger.info({ relay: name, fence: lease.fence, cursor: start }, 'relay publishes');
    holding = true;
    try {
      await tenure({ db, lease, start, takenAt, delivery, onRead: metrics.read, onConfirmed, wake, stopping, tuning });
    } finally {
      holding = false;
    }
  }

  async function backOff(error: unknown): Promise<void> {
    const [firstMs, maxMs] = tuning.backOffMs;
    failures += 1;
    const retryInMs = backoffMs(failures, { firstMs, maxMs });
    metrics.failed(classify(error).code);
    stall.failed(error);
    logger.warn({ relay: name, err: error, retryInMs }, 'relay begins again from its cursor');
    await sleep(retryInMs, stopping);
  }

  return {
    isHolding: () => holding,
    async run() {
      while (!stopping.aborted) await publishWhileMine().catch(backOff);
    },
  };
}
