import { backoffMs } from '../../async/backoff';
import { sleep } from '../../async/wait';
import { classify } from '../../errors/classify';
import type { RelayContext } from './context';
import { lead } from './leadership';
import { insertRelay, takeLease, type LeaseGrant } from './lease-store';

/**
 * The state of one relay of a log. The lease, a row in the log's database, decides which relay leads.
 *
 *     waiting ──lease taken──> leading ──lease lost, or failed──> backing off ──> waiting
 *        └─another relay holds it: tries again after a poll interval, or when the lease is released
 *
 * A stop ends every state: a leader first waits for publishes in flight and releases the lease.
 */
type State = { is: 'waiting' } | { is: 'leading'; grant: LeaseGrant } | { is: 'backing off'; waitMs: number };

const waiting: State = { is: 'waiting' };

/** A relay's part in the leader election of its log. */
export interface Leader {
  /** Events were committed: a leader publishes them. Returns whether this relay leads, so that no other need be told. */
  readonly onCommit: () => boolean;
  /** Competes for the lease and publishes while it holds it, again after every failure, until it is stopped. */
  run(): Promise<void>;
}

export function createLeader(context: RelayContext): Leader {
  const { db, exchange, owner, stall, wake, stopping, logger, metrics, tuning } = context;
  let state = waiting;
  let isKnown = false;
  /** Failures since an event was last confirmed. */
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
    logger.info(
      { relay: exchange, fence: grant.lease.fence, cursor: grant.start },
      'relay leads: publishing from its cursor',
    );
    await lead(context, grant, () => (failures = 0));
    return waiting;
  }

  function failed(error: unknown): State {
    const [firstMs, maxMs] = tuning.backOffMs;
    failures += 1;
    const waitMs = backoffMs(failures, { firstMs, maxMs });
    metrics.failed(classify(error).code);
    stall.failed(error);
    logger.warn({ relay: exchange, err: error, retryInMs: waitMs }, 'relay failed; retrying from its cursor');
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
    onCommit() {
      const isLeading = state.is === 'leading';
      if (isLeading) wake.notify();
      return isLeading;
    },
    async run() {
      // A lease that was taken while a stop arrived is released by `lead`.
      while (!stopping.aborted || state.is === 'leading') state = await next().catch(failed);
    },
  };
}
