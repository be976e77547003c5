import type { OpenAPIHono } from '@hono/zod-openapi';
import { asyncApiDocument } from '../../contracts/asyncapi';
import { roles } from '../../contracts/http/roles';
import { product } from '../../contracts/product';
import { createApp } from '../../lib/http/app';
import type { AppEnv } from '../../lib/http/env';
import { startServer } from '../../lib/http/server';
import { createTokens } from '../../lib/http/tokens';
import type { Platform } from '../platform/platform';

/** Serves the routes of the services on one port; without any, only health and metrics. */
export async function startApi(platform: Platform, routes: readonly OpenAPIHono<AppEnv>[]): Promise<number> {
  const { config, logger, metrics, lifecycle } = platform;
  const tokens = createTokens({ secret: config.JWT_SECRET, roles });
  const app = createApp({
    logger,
    metrics,
    tokens,
    lifecycle,
    product,
    events: asyncApiDocument(),
    corsOrigins: config.CORS_ORIGINS,
  });
  for (const served of routes) app.route('/', served);
  const server = await startServer(app, { host: config.HOST, port: config.PORT, product });
  lifecycle.onStop('http', () => server.stop());
  return server.port;
}
