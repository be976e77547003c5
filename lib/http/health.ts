import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { sharedCall } from '../async/shared-call';
import type { Lifecycle } from '../lifecycle/lifecycle';
import type { Metrics } from '../telemetry/metrics';
import type { AppEnv } from './env';

const paths = new Set(['/healthz', '/readyz', '/metrics']);

/** Whether a path belongs to probes and metrics: not logged, not limited, and answered under overload. */
export const isProbe = (path: string): boolean => paths.has(path);

/**
 * Serves `/healthz` (the process runs, whatever is missing) and `/readyz` (it can serve). Both name the missing parts; the
 * reasons are only in the log, because they may contain host names.
 */
export function serveHealth(app: OpenAPIHono<AppEnv>, lifecycle: Lifecycle): void {
  app.get('/healthz', (c) => {
    const missing = lifecycle.lastMissing();
    return c.json({ status: 'ok', ...(missing.length > 0 ? { missing } : {}) });
  });
  app.get('/readyz', async (c) => {
    const { ready, missing } = await lifecycle.readiness();
    if (!ready) return c.json({ status: 'not ready', waitingFor: missing }, 503);
    return c.json({ status: 'ready', ...(missing.length > 0 ? { degraded: missing } : {}) });
  });
}

/** Metrics are rendered at most once in this time: they are some 400 kB. */
const renderEveryMs = 200;

/**
 * Serves `/metrics` (Prometheus text). Requests that come together share one rendering, and the next one waits for its
 * time: however often metrics are asked for, they cost the same.
 */
export function serveMetrics(app: OpenAPIHono<AppEnv>, { registry }: Metrics): void {
  let renderedAt = -Infinity;
  const render = sharedCall(async () => {
    const waitMs = renderedAt + renderEveryMs - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    renderedAt = performance.now();
    return registry.metrics();
  });
  app.get('/metrics', async (c) => c.text(await render('metrics'), 200, { 'content-type': registry.contentType }));
}
