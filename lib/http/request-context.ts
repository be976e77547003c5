import { createMiddleware } from 'hono/factory';
import { routePath } from 'hono/route';
import type { Histogram } from 'prom-client';
import { childTraceparent, newContext, withContext } from '../telemetry/context';
import type { Logger } from '../telemetry/logger';
import type { Metrics } from '../telemetry/metrics';
import type { TrustedProxies } from './client-address';
import type { AppContext, AppEnv } from './env';
import type { DecisionLog } from './identity/decisions';
import type { TokenVerifier } from './identity/verifier';
import type { StreamLimit } from './limits/streams';
import { isProbe } from './health';
import type { Product } from './product';
import type { Revocations } from './revocation/revocations';
import { addressOf } from './request-address';

const safeId = /^[\w.:-]{1,128}$/;
/** Longer paths are cut in the log: the platform's own have up to 80 characters, a caller's may be much longer. */
const loggedPathLength = 200;

/**
 * Headers of every response that does not set its own (OWASP REST Security Cheat Sheet): browsers do not guess its type,
 * store it or show it in a frame. Set before the handler runs: afterwards it would cost a second copy of the response.
 */
const securityHeaders = Object.entries({
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
});

/**
 * The outermost middleware: gives each request its context (correlation, trace, tokens), returns the correlation id and
 * the trace in headers, and afterwards writes one log line and one measurement.
 */
export function requestContext({
  logger,
  metrics,
  tokens,
  revocations,
  product,
  streams,
  trustedProxies,
  decisions,
}: {
  logger: Logger;
  metrics: Metrics;
  tokens: TokenVerifier;
  revocations: Revocations;
  product: Product;
  streams: StreamLimit;
  trustedProxies: TrustedProxies;
  decisions: DecisionLog;
}) {
  const measure = requestMetrics(metrics);
  return createMiddleware<AppEnv>((c, next) => {
    const startedAt = performance.now();
    const context = contextOf(c);
    c.set('context', context);
    c.set('tokens', tokens);
    c.set('revocations', revocations);
    c.set('product', product);
    c.set('streams', streams);
    c.set('trustedProxies', trustedProxies);
    c.set('decisions', decisions);
    for (const [name, value] of securityHeaders) c.header(name, value);
    c.header('x-correlation-id', context.correlationId);
    c.header('traceparent', context.traceparent);
    return withContext(context, async () => {
      await next();
      const { method, path } = c.req;
      const { status } = c.res;
      const ms = performance.now() - startedAt;
      measure(method, routeOf(c), status, ms / 1000);
      if (isProbe(path)) return;
      const by = context.actor === undefined ? {} : { actor: context.actor };
      const [logged, rounded] = [path.slice(0, loggedPathLength), Math.round(ms * 10) / 10];
      logger.info({ method, path: logged, status, ms: rounded, client: addressOf(c), ...by }, 'request');
    });
  });
}

/** Continues the caller's correlation and trace; creates new ones where they are missing or malformed. */
function contextOf(c: AppContext) {
  const correlationId = c.req.header('x-correlation-id');
  const traceparent = childTraceparent(c.req.header('traceparent') ?? '');
  return newContext(correlationId && safeId.test(correlationId) ? { correlationId, traceparent } : { traceparent });
}

/** The pattern of the route, such as /notes/:id, because metrics need few label values. */
const routeOf = (c: AppContext): string => {
  const pattern = routePath(c, -1);
  return pattern === '/*' ? 'unmatched' : pattern;
};

function requestMetrics({ histogram }: Metrics) {
  const labels = ['method', 'route', 'status'] as const;
  const durations = histogram('http_request_duration_seconds', 'Time to answer an HTTP request', labels);
  // Looking up the labelled child each time would cost more than the measurement itself.
  const children = new Map<string, Histogram.Internal<(typeof labels)[number]>>();
  return (method: string, route: string, status: number, seconds: number): void => {
    const key = `${method} ${route} ${status}`;
    const child = children.get(key) ?? durations.labels(method, route, String(status));
    children.set(key, child);
    child.observe(seconds);
  };
}
