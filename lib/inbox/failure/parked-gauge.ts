import type { Queryable } from '../../db/database';
import type { Metrics } from '../../telemetry/metrics';
import { countParked } from '../store';

export interface ParkedGaugeOptions {
  db: Queryable;
  subscription: string;
  queue: string;
  metrics: Metrics;
  everyMs?: number;
}

/** Shows how many events wait in the inbox: for a predecessor, behind a failure, for a deploy. Gives back how to stop. */
export function watchParked({ db, subscription, queue, metrics, everyMs = 10_000 }: ParkedGaugeOptions) {
  const gauge = metrics.gauge('messaging_parked_messages', 'Events that wait in the inbox of a queue', ['queue']);
  async function look(): Promise<void> {
    const count = await countParked(db, subscription).catch(() => undefined); // No database: nobody knows.
    if (count !== undefined) gauge.set({ queue }, count);
  }
  const timer = setInterval(() => void look(), everyMs);
  void look();
  return (): Promise<void> => {
    clearInterval(timer);
    return Promise.resolve();
  };
}
