import type { Metrics } from '../../lib/telemetry/metrics';
import type { Reconciliation } from './reconcile';
import { driftKinds, type DriftKind } from './compare';

/** The results of reconciliations as metrics. */
export interface DriftGauges {
  /** @param kinds the kinds of drift that were checked; nothing is known about the others. */
  publish(found: Reconciliation, at: Date, kinds?: readonly DriftKind[]): void;
  stop(): void;
}

/**
 * Shows the drift, and when the last reconciliation succeeded. The next one may run in another process, so the numbers of
 * this one expire after a while, rather than standing beside newer ones.
 */
export function createDriftGauges(metrics: Metrics, expireAfterMs: number): DriftGauges {
  const drift = metrics.gauge('sagaworks_drift', 'Differences between the books of the services', ['kind']);
  const compared = metrics.gauge(
    'sagaworks_drift_compared_timestamp_seconds',
    'When this process last compared the books with success',
    [],
  );
  let expiry: NodeJS.Timeout | undefined;
  return {
    publish(found, at, kinds = driftKinds) {
      clearTimeout(expiry);
      drift.reset();
      for (const kind of kinds) drift.set({ kind }, found.drift.filter((one) => one.kind === kind).length);
      compared.set(at.getTime() / 1_000);
      expiry = setTimeout(() => drift.reset(), expireAfterMs);
    },
    stop: () => clearTimeout(expiry),
  };
}
