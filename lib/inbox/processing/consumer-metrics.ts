import type { Metrics } from '../../telemetry/metrics';
import type { Outcome } from './apply';

/** The metrics of a consumer, named after OpenTelemetry's conventions for messaging where there is one. */
export interface ConsumerMetrics {
  consumed(outcome: Outcome): void;
  retried(errorType: string): void;
  dead(reason: string): void;
  took(seconds: number, batch: number): void;
}

export function createConsumerMetrics(metrics: Metrics, queue: string): ConsumerMetrics {
  const consumed = metrics.counter('messaging_client_consumed_messages_total', 'Messages processed, by outcome', [
    'queue',
    'outcome',
  ]);
  const retried = metrics.counter(
    'messaging_retried_messages_total',
    'Messages sent to a delay queue after a failure',
    ['queue', 'error_type'],
  );
  const dead = metrics.counter('messaging_dead_letters_total', 'Messages dead-lettered, by reason', [
    'queue',
    'reason',
  ]);
  const duration = metrics.histogram(
    'messaging_process_duration_seconds',
    'Time to process one batch, including its transaction',
    ['queue'],
  );
  const batches = metrics.histogram(
    'messaging_process_batch_size',
    'Messages in one transaction',
    ['queue'],
    [1, 2, 5, 10, 25, 50, 100],
  );
  return {
    consumed: (outcome) => consumed.inc({ queue, outcome }),
    retried: (error_type) => retried.inc({ queue, error_type }),
    dead: (reason) => dead.inc({ queue, reason }),
    took: (seconds, batch) => {
      duration.observe({ queue }, seconds);
      batches.observe({ queue }, batch);
    },
  };
}
