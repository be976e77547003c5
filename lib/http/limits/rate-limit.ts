import { createMiddleware } from 'hono/factory';
import { RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import { platformError } from '../../errors/errors';
import type { Metrics } from '../../telemetry/metrics';
import { bearerOf } from '../auth';
import type { AppContext, AppEnv } from '../env';
import { isProbe } from '../health';
import { addressOf } from '../request-address';

/** Requests are limited by class: reads, writes, and the operators' API. */
export const rateClasses = ['read', 'write', 'ops'] as const;
export type RateClass = (typeof rateClasses)[number];

/** A quota of requests in each window of time. */
export interface RateLimit {
  quota: number;
  windowSeconds: number;
}

/** The limit and the counter of each class; `undefined` for a class without a limit. */
export type RateLimiters = Readonly<Record<RateClass, { limit: RateLimit; counter: RateLimiterAbstract } | undefined>>;

/**
 * Limits the requests of each caller: the user of a valid token, otherwise the address of the client. Responses report what is
 * left in `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers).
 * @throws `too-many-requests`, with `Retry-After`.
 */
export function limitRate(limiters: RateLimiters, metrics: Metrics) {
  const refused = metrics.counter('http_rate_limited_total', 'Requests refused because of a rate limit', ['class']);
  return createMiddleware<AppEnv>(async (c, next) => {
    if (isProbe(c.req.path)) return next();
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
    throw platformError('too-many-requests', `The limit is ${allowed}; try again in ${resetSeconds} s`, {
      details: { retryAfterSeconds: resetSeconds },
    });
  });
}

function classOf(c: AppContext): RateClass {
  if (c.req.path.startsWith('/ops/')) return 'ops';
  return c.req.method === 'GET' || c.req.method === 'HEAD' ? 'read' : 'write';
}

/** An invalid token counts for the address of the client, so that made-up tokens do not start new counts. */
async function callerOf(c: AppContext): Promise<string> {
  const token = bearerOf(c);
  if (token === undefined) return addressOf(c);
  const verified = c.get('tokens').verify(token);
  return verified.then(({ actor }) => actor.userId).catch(() => addressOf(c));
}

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
