import type { Pool } from 'pg';
import { RateLimiterMemory, RateLimiterPostgres, type RateLimiterAbstract } from 'rate-limiter-flexible';
import { rateClasses, type RateClass, type RateLimit, type RateLimiters } from './rate-limit';

export type RateLimits = Readonly<Partial<Record<RateClass, RateLimit>>>;

/** The table that `rateLimitMigrations` makes. */
export const rateLimitTable = 'http_rate_limits';

/**
 * Creates the counters of the classes that have a limit: of this process, or shared by all processes with the same
 * database. While that database is unavailable, each process counts for itself: a limit must not become an outage.
 */
export function createRateLimiters(limits: RateLimits, shared?: Pool): RateLimiters {
  const counterOf = (name: RateClass, { quota, windowSeconds }: RateLimit): RateLimiterAbstract => {
    const options = { keyPrefix: name, points: quota, duration: windowSeconds };
    const own = new RateLimiterMemory(options);
    if (!shared) return own;
    return new RateLimiterPostgres({
      ...options,
      storeClient: shared,
      tableName: rateLimitTable,
      tableCreated: true,
      // No query for a caller that is over the limit, until its window ends.
      inMemoryBlockOnConsumed: quota + 1,
      insuranceLimiter: own,
    });
  };
  const entries = rateClasses.map((name) => {
    const limit = limits[name];
    return [name, limit && { limit, counter: counterOf(name, limit) }] as const;
  });
  return Object.fromEntries(entries) as RateLimiters;
}
