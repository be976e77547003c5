import { createMiddleware } from 'hono/factory';
import { routePath } from 'hono/route';
import type { Histogram } from 'prom-client';
import { childTraceparent, newContext, withContext } from '../telemetry/context';
import type { Logger } from '../telemetry/logger';
import type { Metrics } from '../telemetry/metrics';
import type { AppContext, AppEnv } from './env';
import type { StreamLimit } from './limits/streams';
import type { Product } from './product';
import type { Tokens } from './tokens';

const safeId = /^[\w.:-]{1,128}$/;
/** What the log keeps of a path: the longest of ours has 80 characters, a caller's may have as many as fit into a header. */
const loggedPathLength = 200;
/** Asked every few seconds by machines: counted, not logged. */
const quiet = new Set(['/healthz', '/readyz', '/metrics']);

/**
 * For every answer that does not say otherwise (OWASP REST Security Cheat Sheet): it is what it says, is kept nowhere, and
 * is shown in no other page. Set before the handler runs: afterwards it would cost a second copy of the answer.
 */
const protection = Object.entries({
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
});

/**
 * The outermost layer: gives each request its context (correlation, trace, tokens), says the correlation id and the
 * trace in the answer, and afterwards writes one log line and one measurement.
 */
export function edge({
  logger,
  metrics,
  tokens,
  product,
  streams,
}: {
  logger: Logger;
  metrics: Metrics;
  tokens: Tokens;
  product: Product;
  streams: StreamLimit;
}) {
  const measure = requestMetrics(metrics);
  return createMiddleware<AppEnv>((c, next) => {
    const startedAt = performance.now();
    const context = contextOf(c);
    c.set('context', context);
    c.set('tokens', tokens);
    c.set('product', product);
    c.set('streams', streams);
    for (const [name, value] of protection) c.header(name, value);
    c.header('x-correlation-id', context.correlationId);
    c.header('traceparent', context.traceparent);
    return withContext(context, async () => {
      await next();
      const { method, path } = c.req;
      const { status } = c.res;
      const ms = performance.now() - startedAt;
      measure(method, routeOf(c), status, ms / 1000);
      if (quiet.has(path)) return;
      logger.info({ method, path: path.slice(0, loggedPathLength), status, ms: Math.round(ms * 10) / 10 }, 'request');
    });
  });
}

/** Continues the caller's correlation and trace, or begins new ones; what is not well-formed is replaced. */
function contextOf(c: AppContext) {
  const correlationId = c.req.header('x-correlation-id');
  const traceparent = childTraceparent(c.req.header('traceparent') ?? '');
  return newContext(correlationId && safeId.test(correlationId) ? { correlationId, traceparent } : { traceparent });
}

/** The pattern of the route, such as /notes/:id: few values, unlike paths. */
const routeOf = (c: AppContext): string => {
  const pattern = routePath(c, -1);
  return pattern === '/*' ? 'unmatched' : pattern;
};

function requestMetrics({ histogram }: Metrics) {
  const labels = ['method', 'route', 'status'] as const;
  const durations = histogram('http_request_duration_seconds', 'Time to answer an HTTP request', labels);
  // Finding the labelled child anew would cost more than the measurement itself.
  const children = new Map<string, Histogram.Internal<(typeof labels)[number]>>();
  return (method: string, route: string, status: number, seconds: number): void => {
    const key = `${method} ${route} ${status}`;
    const child = children.get(key) ?? durations.labels(method, route, String(status));
    children.set(key, child);
    child.observe(seconds);
  };
}
