import { every } from '../../async/every';
import type { Logger } from '../../telemetry/logger';
import type { Metrics } from '../../telemetry/metrics';
import type { Link } from '../connection/link';
import { unrouted } from '../topology/topology';

export interface UnroutedOptions {
  link: Link;
  metrics: Metrics;
  logger: Logger;
  everyMs?: number;
}

/**
 * Raises the alarm when messages come for which no queue is bound, though somebody is declared to want them: shows how
 * many there are, and logs an error whenever there are more than before. Returns how to stop.
 */
export function watchUnrouted({ link, metrics, logger, everyMs = 15_000 }: UnroutedOptions): () => void {
  const gauge = metrics.gauge('messaging_unrouted_messages', 'Messages that are wanted, and that no queue took', []);
  let before = 0;

  async function look(): Promise<void> {
    const count = await link.withChannel(async (channel) => (await channel.checkQueue(unrouted)).messageCount);
    gauge.set(count);
    if (count > before) {
      logger.error(
        { queue: unrouted, messages: count, more: count - before },
        'no queue takes events that are declared to be heard: see "topology plan", then "outbox replay"',
      );
    }
    before = count;
  }

  return every(look, { everyMs, name: 'unrouted messages', logger });
}
