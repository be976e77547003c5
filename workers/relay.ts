import { createPublisher } from '../lib/broker/publishing/publisher';
import type { Database } from '../lib/db/database';
import { createRelay } from '../lib/eventlog/relay';
import type { CommitNotifier } from '../lib/eventlog/commit-notifier';
import type { Exchange } from '../lib/events/exchange';
import type { Platform } from './platform/platform';
import { publishingTopology } from './topology/topology';

/** A service's log, and where it is published. */
export interface PublishedLog {
  name: string;
  exchange: Exchange;
  source: string;
  database: Database<unknown>;
  notifier: CommitNotifier;
}

/** Publishes a service's log, as the service's own user. */
export async function startRelay(platform: Platform, { name, exchange, ...log }: PublishedLog): Promise<void> {
  const { logger, metrics, lifecycle, owner } = platform;
  const publisher = createPublisher(await platform.brokerOf(name), {
    name: `${exchange.name} relay`,
    logger,
    metrics,
    // For each channel, so that a broker that has lost its data gets its topology again.
    prepare: () => platform.declare(publishingTopology(exchange)),
  });
  const relay = createRelay({ ...log, exchange: exchange.name, publisher, logger, metrics, owner });
  lifecycle.onStop(`${exchange.name} publisher`, () => publisher.close());
  await relay.start();
  lifecycle.onStop(`${exchange.name} relay`, () => relay.stop());
}
