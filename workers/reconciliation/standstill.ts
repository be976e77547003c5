import type { Queryable } from '../../lib/db/database';
import type { Drift } from './compare';
import { compareProgress } from './progress';
import { databaseUrlOf } from '../config/config';
import { listeners } from '../deploy/consumers';
import type { Platform } from '../platform/platform';

/**
 * Makes what compares consumers with the logs that they hear, where both databases are configured. It resolves with
 * undefined when that is not possible just now, or not as this user of the broker: the books are compared all the same.
 */
export function standstillLook(
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
      logger.warn({ err: error }, 'consumers could not be compared with the logs');
      return undefined;
    });
}
