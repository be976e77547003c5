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
 * Watches for messages that a declared consumer wants, but no queue is bound for: a gauge shows how many there are, and
 * an error is logged whenever their number grows. Returns a function that stops it.
 */
export function watchUnrouted({ link, metrics, logger, everyMs = 15_000 }: UnroutedOptions): () => void {
  const gauge = metrics.gauge(
    'messaging_unrouted_messages',
    'Messages that a declared consumer wants, but no queue took',
    [],
  );
  let before = 0;

  async function check(): Promise<void> {
    const count = await link.withChannel(async (channel) => (await channel.checkQueue(unrouted)).messageCount);
    gauge.set(count);
    if (count > before) {
      logger.error(
        { queue: unrouted, messages: count, more: count - before },
        'events without a bound queue: run "topology plan", then "outbox replay"',
      );
    }
    before = count;
  }

  return every(check, { everyMs, name: 'unrouted messages', logger });
}
