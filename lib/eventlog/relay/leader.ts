import { backoffMs } from '../../async/backoff';
import { sleep } from '../../async/sleep';
import { classify } from '../../errors/classify';
import type { RelayContext } from './context';
import { lead } from './leadership';
import { insertRelay, takeLease } from './lease-store';
import type { LeaseGrant } from './lease';

/**
 * What one of the relays of a log is doing. The lease, a row of the log's database, decides which one leads.
 *
 *     waiting ──lease taken──> leading ──lease lost, or failed──> backing off ──> waiting
 *        └─another holds it: asks again after a poll, or when the lease is released
 *
 * A stop ends each of them: a leader first waits for what is under way and releases the lease.
 */
type State = { is: 'waiting' } | { is: 'leading'; grant: LeaseGrant } | { is: 'backing off'; waitMs: number };

const waiting: State = { is: 'waiting' };

/** A relay's part in the leader election of its log. */
export interface Leader {
  /** Whether this relay is the one that publishes now. */
  isLeading(): boolean;
  /** Tries for the lease and publishes while it has it, again after every failure, until it is stopped. */
  run(): Promise<void>;
}

export function createLeader(context: RelayContext): Leader {
  const { db, exchange, owner, stall, wake, stopping, logger, metrics, tuning } = context;
  let state = waiting;
  let isKnown = false;
  /** Since an event was last confirmed. */
  let failures = 0;

  async function tryForLease(): Promise<State> {
    if (!isKnown) await insertRelay(db, exchange);
    isKnown = true;
    const takenAt = performance.now();
    const taken = await takeLease(db, exchange, owner, tuning.leaseMs);
    if (taken) return { is: 'leading', grant: { ...taken, takenAt } };
    stall.progressed(); // Another relay publishes.
    await wake.wait(tuning.pollMs);
    return waiting;
  }

  async function publish(grant: LeaseGrant): Promise<State> {
    logger.info({ relay: exchange, fence: grant.lease.fence, cursor: grant.start }, 'relay publishes');
    await lead(context, grant, () => (failures = 0));
    return waiting;
  }

  function failed(error: unknown): State {
    const [firstMs, maxMs] = tuning.backOffMs;
    failures += 1;
    const waitMs = backoffMs(failures, { firstMs, maxMs });
    metrics.failed(classify(error).code);
    stall.failed(error);
    logger.warn({ relay: exchange, err: error, retryInMs: waitMs }, 'relay begins again from its cursor');
    return { is: 'backing off', waitMs };
  }

  async function next(): Promise<State> {
    switch (state.is) {
      case 'waiting':
        return tryForLease();
      case 'leading':
        return publish(state.grant);
      case 'backing off':
        await sleep(state.waitMs, stopping);
        return waiting;
    }
  }

  return {
    isLeading: () => state.is === 'leading',
    async run() {
      // A lease taken while the stop came is released by its leadership.
      while (!stopping.aborted || state.is === 'leading') state = await next().catch(failed);
    },
  };
}
