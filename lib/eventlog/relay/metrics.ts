import type { Metrics } from '../../telemetry/metrics';
import type { LogAges } from './log-ages-store';

/** What a relay reports about itself. */
export interface RelayMetrics {
  readonly published: (confirmSeconds: number) => void;
  readonly failed: (reason: string) => void;
  readonly setApart: () => void;
  readonly read: (events: number) => void;
  readonly aged: (ages: LogAges) => void;
}

/** The metrics of one relay, named by OpenTelemetry's messaging conventions where those have a name. */
export function createRelayMetrics(metrics: Metrics, exchange: string): RelayMetrics {
  const labels = ['exchange'] as const;
  const sent = metrics
    .counter('messaging_client_sent_messages_total', 'Events that the broker has confirmed', labels)
    .labels({ exchange });
  const confirm = metrics
    .histogram('messaging_client_operation_duration_seconds', 'From publishing an event to its confirm', labels)
    .labels({ exchange });
  const errors = metrics.counter(
    'messaging_publish_errors_total',
    'Times a relay failed and restarted from its cursor, by error code',
    ['exchange', 'error_type'],
  );
  const setApart = metrics
    .counter('relay_parked_events_total', 'Events that cannot be published and were set aside', labels)
    .labels({ exchange });
  const batch = metrics
    .histogram('relay_batch_size', 'Events read at once', labels, [1, 2, 5, 10, 25, 50, 100, 250, 500])
    .labels({ exchange });
  const oldest = metrics
    .gauge(
      'relay_oldest_unpublished_event_age_seconds',
      'Age of the oldest event that is not in every queue; 0: none',
      labels,
    )
    .labels({ exchange });
  const heldBack = metrics
    .gauge('relay_horizon_age_seconds', 'Age of the oldest event held back by an open transaction; 0: none', labels)
    .labels({ exchange });
  const refused = metrics
    .gauge(
      'relay_refused_events',
      'Events that a queue refused and that will be retried: look for a full queue',
      labels,
    )
    .labels({ exchange });
  const oldestRefused = metrics
    .gauge('relay_oldest_refused_event_age_seconds', 'Age of the oldest event that a queue refused; 0: none', labels)
    .labels({ exchange });
  return {
    published(confirmSeconds) {
      sent.inc();
      confirm.observe(confirmSeconds);
    },
    failed: (reason) => errors.inc({ exchange, error_type: reason }),
    setApart: () => setApart.inc(),
    read: (events) => batch.observe(events),
    aged(ages) {
      oldest.set(ages.oldestUnpublished);
      heldBack.set(ages.oldestHeldBack);
      refused.set(ages.refused);
      oldestRefused.set(ages.oldestRefused);
    },
  };
}
