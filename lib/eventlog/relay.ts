import { randomUUID } from 'node:crypto';
import type { DatabaseUrl } from '../db/address';
import { openDatabase } from '../db/database';
import { listenTo } from '../db/listen';
import type { Logger } from '../telemetry/logger';
import type { Metrics } from '../telemetry/metrics';
import { every } from '../async/every';
import { createWakeSignal } from '../async/wait';
import { createEntryPublisher, type RelayPublisher } from './relay/entry-publisher';
import { createHeldBackAlert } from './relay/held-back';
import { createLeader } from './relay/leader';
import { measureLog } from './relay/log-ages-store';
import { createRelayMetrics } from './relay/metrics';
import { createStallWatch } from './relay/stall';
import { defaultTuning, type RelayTuning } from './relay/context';
import { channels, type CommitNotifier } from './commit-notifier';

export interface RelayOptions {
  /** The log's database; the relay has a few connections of its own. */
  database: { url: DatabaseUrl };
  /** Where the log's events go; also the relay's name. */
  exchange: string;
  /** The CloudEvents source of the log's events. */
  source: string;
  publisher: RelayPublisher;
  /** The notifier of this process, when it also writes the log: saves the round trip through the database. */
  notifier?: CommitNotifier;
  logger: Logger;
  metrics: Metrics;
  /** Names the lease holder for operators. */
  owner: string;
  tuning?: Partial<RelayTuning>;
}

/** Publishes the events of one log to one exchange, in log order, each at least once. */
export interface Relay {
  /** Starts competing for the lease; neither the database nor the broker needs to be up. */
  start(): Promise<void>;
  /** Stops reading, waits for publishes in flight, writes the cursor and releases the lease. */
  stop(): Promise<void>;
}

/** Any number of relays may run for one log: one holds the lease and publishes, the others wait for it. */
export function createRelay(options: RelayOptions): Relay {
  const { database, exchange, source, publisher, notifier, logger } = options;
  const tuning = { ...defaultTuning, ...options.tuning };
  const metrics = createRelayMetrics(options.metrics, exchange);
  const stall = createStallWatch({ exchange, logger, metrics: options.metrics, ...tuning.stall });
  const wake = createWakeSignal();
  const stop = new AbortController();
  // Own connections: a busy service must not keep its relay from renewing the lease.
  const own = openDatabase({ url: database.url, name: `relay ${exchange}`, poolSize: 2, durable: false });
  const db = own.kysely;
  const leader = createLeader({
    db,
    exchange,
    // Unique, so that two runs of one process are never confused.
    owner: `${options.owner}/${randomUUID()}`,
    publisher: createEntryPublisher({ db, exchange, source, publisher, logger, metrics, stall }),
    stall,
    wake,
    stopping: stop.signal,
    logger,
    metrics,
    tuning,
  });

  const alert = createHeldBackAlert({ db, exchange, logger, afterSeconds: tuning.heldBackAlertSeconds });

  async function measure(): Promise<void> {
    const ages = await measureLog(db, exchange).catch(() => undefined); // No database: nothing to measure.
    stall.measured(ages);
    if (!ages) return;
    metrics.aged(ages);
    await alert(ages.oldestHeldBack);
  }

  let end = (): Promise<void> => own.close();
  return {
    start() {
      const unsubscribe = notifier?.subscribe(leader.onCommit);
      const listening = listenTo({
        url: database.url,
        name: `relay ${exchange} listens`,
        channels: Object.values(channels),
        onNotification: (channel) => (channel === channels.events ? leader.onCommit() : wake.notify()),
      });
      const stopMeasuring = every(measure, { everyMs: tuning.measureMs, name: `age of ${exchange}`, logger });
      const running = leader.run();
      end = async () => {
        stop.abort();
        wake.notify();
        stopMeasuring();
        unsubscribe?.();
        await running;
        await listening.close();
        await own.close();
      };
      return Promise.resolve();
    },
    stop: () => end(),
  };
}
