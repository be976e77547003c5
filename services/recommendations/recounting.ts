import { sleep } from '../../lib/async/wait';
import type { DatabaseUrl } from '../../lib/db/address';
import { openDatabase } from '../../lib/db/database';
import type { Logger } from '../../lib/telemetry/logger';
import { areCountsOld } from './counts-store';
import { recount } from './recount-store';
import type { RecommendationTables } from './tables';

/**
 * Counts the baskets again whenever a rebuild has swapped their table; until `stop`. It has a connection of its own, on
 * which statements have no time-out: counting all baskets may take minutes.
 */
export function createRecounting(options: { url: DatabaseUrl; logger: Logger; everyMs: number }) {
  const { url, logger, everyMs } = options;
  const own = openDatabase<RecommendationTables>({ url, name: 'recount', poolSize: 1, queryTimeoutMs: 0 });
  const stopping = new AbortController();
  let running = Promise.resolve();

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        if (await areCountsOld(own.kysely)) await recount(own.kysely);
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
    stop: async () => {
      stopping.abort();
      await running;
      await own.close();
    },
  };
}
