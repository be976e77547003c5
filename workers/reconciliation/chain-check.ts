import type { Kysely } from 'kysely';
import type { Platform } from '../platform/platform';
import { databaseUrlOf } from '../config/config';
import { serviceNames } from '../modules/roles';
import { sealChains, verifyChains } from './chains';
import type { Drift } from './compare';

/** What one run reads at most of each log; the others follow in the next runs. */
const sealsPerRun = 100;

/**
 * Makes the check that seals the logs of all services whose databases are configured, and verifies what was sealed. It
 * resolves to undefined when that is not possible now: the rest of the reconciliation goes on.
 */
export function createChainCheck(
  { config, logger }: Pick<Platform, 'config' | 'logger'>,
  dbOf: (name: string) => Kysely<unknown>,
): () => Promise<Drift[] | undefined> {
  // Not from the beginning: processes that are often replaced would never come to the end.
  let run = Math.floor(Date.now() / 1_000);
  return async () => {
    const known = serviceNames.filter((name) => databaseUrlOf(config, name) !== undefined);
    const reachable = new Map(known.map((name) => [name, dbOf(name)]));
    try {
      await sealChains(reachable);
      const { drift } = await verifyChains(reachable, { run: (run += 1), seals: sealsPerRun });
      return drift;
    } catch (error) {
      logger.warn({ err: error }, 'logs not sealed or not verified');
      return undefined;
    }
  };
}
