import type { Kysely } from 'kysely';
import { sleep } from '../../lib/async/sleep';
import type { Logger } from '../../lib/telemetry/logger';
import { areCountsOld } from './counts-store';
import { recount } from './recount-store';
import type { RecommendationTables } from './tables';

/** Counts the baskets again whenever a rebuild has swapped their table; until `stop`. */
export function createRecounting(options: { db: Kysely<RecommendationTables>; logger: Logger; everyMs: number }) {
  const { db, logger, everyMs } = options;
  const stopping = new AbortController();
  let running = Promise.resolve();

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        if (await areCountsOld(db)) await recount(db);
      } catch (error) {
        // Recommendations from old counts are better than none.
        logger.warn({ err: error }, 'basket recount failed, retrying');
      }
      await sleep(everyMs, stopping.signal, { ref: false });
    }
  }

  return {
    start: () => {
      running = run();
    },
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}
