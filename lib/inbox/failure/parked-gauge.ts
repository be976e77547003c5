import { every } from '../../async/every';
import type { Queryable } from '../../db/database';
import type { Logger } from '../../telemetry/logger';
import type { Metrics } from '../../telemetry/metrics';
import { countParked } from '../store';

export interface ParkedGaugeOptions {
  db: Queryable;
  subscription: string;
  queue: string;
  metrics: Metrics;
  logger: Logger;
  everyMs?: number;
}

/**
 * Counts the parked events in a metric: early ones, those behind a failure, those of a newer version. Returns how to
 * stop.
 */
export function watchParked(options: ParkedGaugeOptions): () => void {
  const { db, subscription, queue, metrics, logger, everyMs = 10_000 } = options;
  const gauge = metrics.gauge('messaging_parked_messages', 'Events parked in the inbox of a queue', ['queue']);
  const count = async (): Promise<void> => gauge.set({ queue }, await countParked(db, subscription));
  return every(count, { everyMs, name: `parked events of ${queue}`, logger });
}
