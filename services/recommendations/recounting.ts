import type { Kysely } from 'kysely';
import { sleep } from '../../lib/async/sleep';
import type { Logger } from '../../lib/telemetry/logger';
import { areCountsOld } from './counts-store';
import { recount } from './recount-store';
import type { RecommendationTables } from './tables';

/** Looks for a table of baskets that a rebuild has put in place, and counts it anew; until `stop`. */
export function createRecounting(options: { db: Kysely<RecommendationTables>; logger: Logger; everyMs: number }) {
  const { db, logger, everyMs } = options;
  const stopping = new AbortController();
  let running = Promise.resolve();

  async function look(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        if (await areCountsOld(db)) await recount(db);
      } catch (error) {
        // Advice from counts of before is better than none: the next look tries again.
        logger.warn({ err: error }, 'baskets could not be counted anew; trying again');
      }
      await sleep(everyMs, stopping.signal, { ref: false });
    }
  }

  return {
    start: () => {
      running = look();
    },
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}
