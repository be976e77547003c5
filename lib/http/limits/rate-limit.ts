import { getConnInfo } from '@hono/node-server/conninfo';
import { createMiddleware } from 'hono/factory';
import { RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import { platformError } from '../../errors/errors';
import type { Metrics } from '../../telemetry/metrics';
import { bearerOf } from '../auth';
import type { AppContext, AppEnv } from '../env';

/** What a caller has a limit for, each of its own: reading, changing, and what only operators may do. */
export const rateClasses = ['read', 'write', 'ops'] as const;
export type RateClass = (typeof rateClasses)[number];

/** So many requests, the quota, in each window of time. */
export interface RateLimit {
  quota: number;
  windowSeconds: number;
}

/** Counts requests; `undefined` for a class without a limit. */
export type RateLimiters = Readonly<Record<RateClass, { limit: RateLimit; counter: RateLimiterAbstract } | undefined>>;

/** Asked by machines that supervise the process. */
const unlimited = new Set(['/healthz', '/readyz', '/metrics']);

/**
 * Limits what one caller, the bearer of a token or else an address, may ask for. The answer says what is left, as
 * `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers).
 * @throws `too-many-requests`, with `Retry-After`.
 */
export function limitRate(limiters: RateLimiters, metrics: Metrics) {
  const refused = metrics.counter('http_rate_limited_total', 'Requests refused because of a rate limit', ['class']);
  return createMiddleware<AppEnv>(async (c, next) => {
    if (unlimited.has(c.req.path)) return next();
    const rateClass = classOf(c);
    const limiter = limiters[rateClass];
    if (!limiter) return next();
    const { limit, counter } = limiter;
    const { left, resetSeconds, isOver } = await count(counter, await callerOf(c));
    c.header('RateLimit-Policy', `"${rateClass}";q=${limit.quota};w=${limit.windowSeconds}`);
    c.header('RateLimit', `"${rateClass}";r=${left};t=${resetSeconds}`);
    if (!isOver) return next();
    refused.inc({ class: rateClass });
    const allowed = `${limit.quota} requests in ${limit.windowSeconds} s`;
    throw platformError('too-many-requests', `The limit is ${allowed}: try again in ${resetSeconds} s`, {
      details: { retryAfterSeconds: resetSeconds },
    });
  });
}

function classOf(c: AppContext): RateClass {
  if (c.req.path.startsWith('/ops/')) return 'ops';
  return c.req.method === 'GET' || c.req.method === 'HEAD' ? 'read' : 'write';
}

/** A token that is not valid counts for the address it comes from: making tokens up must not reset a count. */
async function callerOf(c: AppContext): Promise<string> {
  const token = bearerOf(c);
  const bearer =
    token === undefined
      ? undefined
      : await c
          .get('tokens')
          .verify(token)
          .catch(() => undefined);
  return bearer?.actor.userId ?? addressOf(c);
}

/** Without a connection, as in tests that call the app itself, all callers are one. */
const addressOf = (c: AppContext): string => (c.env ? (getConnInfo(c).remote.address ?? 'unknown') : 'unknown');

async function count(counter: RateLimiterAbstract, caller: string) {
  const counted = await counter.consume(caller).then(
    (result) => ({ result, isOver: false }),
    (reason: unknown) => {
      if (reason instanceof RateLimiterRes) return { result: reason, isOver: true };
      throw reason;
    },
  );
  const { remainingPoints, msBeforeNext } = counted.result;
  return { left: remainingPoints, resetSeconds: Math.max(1, Math.ceil(msBeforeNext / 1_000)), isOver: counted.isOver };
}
