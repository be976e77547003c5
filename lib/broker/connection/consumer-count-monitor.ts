import { every } from '../../async/every';
import type { Logger } from '../../telemetry/logger';
import type { Metrics } from '../../telemetry/metrics';
import type { Link } from './link';

export interface ConsumerCountOptions {
  link: Link;
  queue: string;
  /** How many consumers this process has on the queue. */
  expected: number;
  metrics: Metrics;
  logger: Logger;
  everyMs?: number;
}

/**
 * Counts a queue's consumers as the broker sees them, because the broker can lose one without telling its client, for
 * instance when a cluster restarts. Logs an error when one is missing twice in a row. Returns a function that stops it.
 *
 * The count covers all processes, the expected number only this one: compare `max` of the first with `sum` of the
 * second.
 */
export function watchConsumerCount(options: ConsumerCountOptions): () => void {
  const { link, queue, expected, logger, everyMs = 10_000 } = options;
  const labels = ['queue'] as const;
  const counted = options.metrics.gauge('messaging_queue_consumers', 'Consumers of a queue, at the broker', labels);
  options.metrics
    .gauge('messaging_queue_consumers_expected', 'Consumers of a queue, by this process', labels)
    .set({ queue }, expected);
  let missing = 0;

  async function check(): Promise<void> {
    const count = await countConsumers(link, queue);
    counted.set({ queue }, count);
    missing = count < expected ? missing + 1 : 0;
    // A single check may fall between two channels.
    if (missing === 2) logger.error({ queue, consumers: count, expected }, 'queue lacks consumers');
  }

  return every(check, { everyMs, name: `consumers of ${queue}`, logger });
}

/** A deleted queue has none. */
async function countConsumers(link: Link, queue: string): Promise<number> {
  try {
    return await link.withChannel(async (channel) => (await channel.checkQueue(queue)).consumerCount);
  } catch (error) {
    if ((error as { code?: unknown }).code === notFound) return 0;
    throw error;
  }
}

const notFound = 404;
