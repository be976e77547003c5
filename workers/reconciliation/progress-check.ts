import type { Queryable } from '../../lib/db/database';
import type { Drift } from './compare';
import { compareProgress } from './progress';
import { databaseUrlOf } from '../config/config';
import { listeners } from '../deploy/consumers';
import type { Platform } from '../platform/platform';

/**
 * Makes the check that compares consumers with the logs that they consume, where both databases are configured. It resolves
 * to undefined when that is not possible now, or not as this broker user: the rest of the reconciliation goes on.
 */
export function createProgressCheck(
  { broker, config, logger }: Platform,
  dbOf: (name: string) => Queryable,
): () => Promise<Drift[] | undefined> {
  const known = (name: string): Queryable | undefined =>
    databaseUrlOf(config, name) === undefined ? undefined : dbOf(name);
  const compared = listeners().flatMap((listener) => {
    const [inbox, log] = [known(listener.service), known(listener.subscription.exchange.producer)];
    return inbox && log ? [{ ...listener, inbox, log }] : [];
  });
  return () =>
    compareProgress({
      readers: compared,
      link: broker.consuming,
      delaysMs: config.RETRY_DELAYS_MS,
      behindMs: config.BEHIND_AFTER_MS,
    }).catch((error: unknown) => {
      logger.warn({ err: error }, 'consumer progress not compared');
      return undefined;
    });
}
