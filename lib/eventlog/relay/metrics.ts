import type { Metrics } from '../../telemetry/metrics';
import type { LogAges } from './store';

/** What a relay tells about itself. */
export interface RelayMetrics {
  readonly published: (confirmSeconds: number) => void;
  readonly failed: (reason: string) => void;
  readonly parked: () => void;
  readonly read: (events: number) => void;
  readonly aged: (ages: LogAges) => void;
}

/** The metrics of one relay; sending is named after OpenTelemetry's conventions for messaging. */
export function createRelayMetrics(metrics: Metrics, relay: string): RelayMetrics {
  const sent = metrics
    .counter('relay_published_events_total', 'Events that the broker has confirmed', ['relay'])
    .labels({ relay });
  const errors = metrics.counter(
    'relay_publish_errors_total',
    'Times a relay had to begin again from its cursor, by error code',
    ['relay', 'error_type'],
  );
  const parked = metrics
    .counter('relay_parked_events_total', 'Events that cannot be published and were set aside: look at them', ['relay'])
    .labels({ relay });
  const confirm = metrics
    .histogram('relay_confirm_duration_seconds', 'From publishing an event to its confirm', ['relay'])
    .labels({ relay });
  const batch = metrics
    .histogram('relay_batch_size', 'Events read at once', ['relay'], [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000])
    .labels({ relay });
  const oldest = metrics
    .gauge('relay_oldest_unpublished_event_age_seconds', 'Age of the oldest event behind the cursor; 0: none', [
      'relay',
    ])
    .labels({ relay });
  const heldBack = metrics
    .gauge('relay_horizon_age_seconds', 'Age of the oldest event held back by a transaction still open', ['relay'])
    .labels({ relay });
  return {
    published(confirmSeconds) {
      sent.inc();
      confirm.observe(confirmSeconds);
    },
    failed: (reason) => errors.inc({ relay, error_type: reason }),
    parked: () => parked.inc(),
    read: (events) => batch.observe(events),
    aged(ages) {
      oldest.set(ages.oldestUnpublished);
      heldBack.set(ages.oldestHeldBack);
    },
  };
}
