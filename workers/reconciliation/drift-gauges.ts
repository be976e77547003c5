import type { Metrics } from '../../lib/telemetry/metrics';
import type { Audit } from './reconcile';
import { driftKinds, type DriftKind } from './compare';

/** What an audit found, as metrics. */
export interface DriftGauges {
  /** @param kinds what was compared; of the others nothing is known. */
  publish(found: Audit, at: Date, kinds?: readonly DriftKind[]): void;
  stop(): void;
}

/**
 * Shows the drift, and when the books were last compared with success. Of several processes another one may do it next
 * time: so these numbers are forgotten here after a while, rather than shown beside newer ones.
 */
export function createDriftGauges(metrics: Metrics, forgetAfterMs: number): DriftGauges {
  const drift = metrics.gauge('sagaworks_drift', 'Differences between the books of the services', ['kind']);
  const compared = metrics.gauge(
    'sagaworks_drift_compared_timestamp_seconds',
    'When this process last compared the books with success',
    [],
  );
  let forgetting: NodeJS.Timeout | undefined;
  return {
    publish(found, at, kinds = driftKinds) {
      clearTimeout(forgetting);
      drift.reset();
      for (const kind of kinds) drift.set({ kind }, found.drift.filter((one) => one.kind === kind).length);
      compared.set(at.getTime() / 1_000);
      forgetting = setTimeout(() => drift.reset(), forgetAfterMs);
    },
    stop: () => clearTimeout(forgetting),
  };
}
