import type { Queryable } from '../../db/database';
import type { Decision, DecisionLog } from '../../http/identity/decisions';
import type { Logger } from '../../telemetry/logger';
import type { Metrics } from '../../telemetry/metrics';
import { deleteDecisions, insertDecisions } from './store';

export interface DecisionLogOptions {
  db: Queryable;
  logger: Logger;
  metrics: Metrics;
  /** How long decisions are kept. */
  keptDays?: number;
}

export interface RunningDecisionLog extends DecisionLog {
  /** Writes what is noted; then nothing more is written. */
  stop(): Promise<void>;
}

const writeEveryMs = 1_000;
/** In each second. Whoever is denied must not fill the table: the rest is only in the log and in the metric. */
const mostDenied = 50;
/** While the database is away; further ones are counted as dropped. */
const mostWaiting = 20_000;
const deletedAtOnce = 100_000;
const writesPerDeletion = 60;
const dayMs = 86_400_000;

/**
 * Writes decisions to the audit of decisions, once a second in one statement, so that they cost a request almost nothing.
 * Those of the last second are lost when the process is killed; their log lines are not.
 */
export function createDecisionLog({ db, logger, metrics, keptDays = 90 }: DecisionLogOptions): RunningDecisionLog {
  const counted = metrics.counter('http_decisions_total', 'Decisions about requests that change something', [
    'outcome',
  ]);
  const dropped = metrics.counter('http_decisions_dropped_total', 'Decisions that were only logged and counted', []);
  let waiting: Decision[] = [];
  let denied = 0;
  let writes = 0;

  const write = async (): Promise<void> => {
    denied = 0;
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    try {
      await insertDecisions(db, batch);
      writes += 1;
      if (writes % writesPerDeletion === 1)
        await deleteDecisions(db, new Date(Date.now() - keptDays * dayMs), deletedAtOnce);
    } catch (error) {
      // They wait for the next attempt.
      waiting = [...batch, ...waiting].slice(0, mostWaiting);
      logger.warn({ err: error, decisions: batch.length }, 'decisions could not be written');
    }
  };
  let writing = Promise.resolve();
  const timer = setInterval(() => {
    writing = writing.then(write);
  }, writeEveryMs);
  timer.unref();

  return {
    note(decision) {
      const { outcome, time: _time, ...said } = decision;
      counted.inc({ outcome });
      if (outcome === 'denied') {
        logger.info(said, 'denied');
        denied += 1;
      }
      if ((outcome === 'denied' && denied > mostDenied) || waiting.length >= mostWaiting) dropped.inc();
      else waiting.push(decision);
    },
    async stop() {
      clearInterval(timer);
      await writing.then(write);
    },
  };
}
