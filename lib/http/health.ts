import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Lifecycle } from '../lifecycle/lifecycle';
import type { Metrics } from '../telemetry/metrics';
import type { AppEnv } from './env';

/**
 * Serves `/healthz` (the process runs, whatever is missing), `/readyz` (it can serve) and `/metrics` (Prometheus). The
 * first two name the missing parts; the reasons are only in the log, because they may contain host names.
 */
export function serveHealth(app: OpenAPIHono<AppEnv>, lifecycle: Lifecycle, { registry }: Metrics): void {
  app.get('/healthz', (c) => {
    const missing = lifecycle.lastMissing();
    return c.json({ status: 'ok', ...(missing.length > 0 ? { missing } : {}) });
  });
  app.get('/readyz', async (c) => {
    const { ready, missing } = await lifecycle.readiness();
    if (!ready) return c.json({ status: 'not ready', waitingFor: missing }, 503);
    return c.json({ status: 'ready', ...(missing.length > 0 ? { degraded: missing } : {}) });
  });
  app.get('/metrics', async (c) => c.text(await registry.metrics(), 200, { 'content-type': registry.contentType }));
}
