import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Lifecycle } from '../lifecycle/lifecycle';
import type { Metrics } from '../telemetry/metrics';
import type { AppEnv } from './env';

/** Serves what machines ask: `/healthz` (the process runs), `/readyz` (it can serve), `/metrics` (Prometheus text). */
export function serveHealth(app: OpenAPIHono<AppEnv>, lifecycle: Lifecycle, { registry }: Metrics): void {
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    const waitingFor = await lifecycle.waitingFor();
    return waitingFor.length === 0 ? c.json({ status: 'ready' }) : c.json({ status: 'not ready', waitingFor }, 503);
  });
  app.get('/metrics', async (c) => c.text(await registry.metrics(), 200, { 'content-type': registry.contentType }));
}
