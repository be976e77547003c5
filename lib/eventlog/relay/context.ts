import type { WakeSignal } from '../../async/wake-signal';
import type { Queryable } from '../../db/database';
import type { Logger } from '../../telemetry/logger';
import type { EntryPublisher } from './entry-publisher';
import type { RelayMetrics } from './metrics';
import type { StallWatch } from './stall';
import type { RelayTuning } from './tuning';

/** What all parts of one relay work with. */
export interface RelayContext {
  db: Queryable;
  /** Where the log's events go; also the relay's name, and that of its lease. */
  exchange: string;
  /** Unique to this run of this process. */
  owner: string;
  publisher: EntryPublisher;
  stall: StallWatch;
  /** Notified of commits, failures and a stop. */
  wake: WakeSignal;
  stopping: AbortSignal;
  logger: Logger;
  metrics: RelayMetrics;
  tuning: RelayTuning;
}
