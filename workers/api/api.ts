import { resolve } from 'node:path';
import { OpenAPIHono } from '@hono/zod-openapi';
import { asyncApiDocument } from '../../contracts/asyncapi';
import { product } from '../../contracts/product';
import { createApp } from '../../lib/http/app';
import type { Live } from '../../lib/config/live';
import type { Queryable } from '../../lib/db/database';
import type { AppEnv } from '../../lib/http/env';
import { serveHealth, serveMetrics } from '../../lib/http/health';
import type { DecisionLog } from '../../lib/http/identity/decisions';
import { createAdmission, followLoad } from '../../lib/http/limits/overload';
import { createRateLimiters } from '../../lib/http/limits/rate-limiters';
import { rateLimitMigrations } from '../../lib/http/limits/migrations';
import type { Revocations } from '../../lib/http/revocation/revocations';
import { createDecisionLog } from '../../lib/operations/decisions/decision-log';
import { startServer } from '../../lib/http/server';
import { openMigrated, type DatabaseHost, type Platform } from '../platform/platform';
import { withApiKeys } from './access';
import { createPlatformVerifier } from './identity';

/** What the API looks up, and writes down, of its callers. */
export interface Access {
  /** Without it, no API key is accepted. */
  apiKeys?: Queryable | undefined;
  /** Without it, decisions are not written down. */
  decisions?: Queryable | undefined;
  /** Without it, no token is ever revoked. */
  revocations?: Revocations | undefined;
}

/** The part of the platform that the API needs. */
type ApiHost = DatabaseHost & Pick<Platform, 'metrics' | 'live'>;

/**
 * Serves the routes of the services on one port, with limits on what callers may ask for; a process without routes serves
 * health only. Metrics are on a port of their own when `INTERNAL_PORT` is set.
 */
export async function startApi(
  platform: ApiHost,
  routes: readonly OpenAPIHono<AppEnv>[],
  { apiKeys, decisions, revocations }: Access = {},
): Promise<number> {
  const { config, live, logger, metrics, lifecycle, pools } = platform;
  const app = createApp({
    logger,
    metrics,
    tokens: withApiKeys(createPlatformVerifier(platform), apiKeys),
    ...(decisions ? { decisions: startDecisionLog(platform, decisions) } : {}),
    tokenKeys: () => live('TOKEN_SIGNING_KEYS').current() ?? [],
    revocations,
    lifecycle,
    product,
    events: asyncApiDocument(),
    consoleFolder,
    corsOrigins: config.CORS_ORIGINS,
    limits: {
      rates: createRateLimiters(config.RATE_LIMITS, await sharedCounts(platform)),
      deadlineMs: config.REQUEST_TIMEOUT_MS,
      streamsPerCaller: config.STREAMS_PER_CALLER,
      hideMetrics: config.INTERNAL_PORT !== undefined,
      trustedProxies: config.TRUSTED_PROXIES,
    },
  });
  for (const served of routes) app.route('/', served);
  if (config.INTERNAL_PORT !== undefined) await startInternal(platform, config.INTERNAL_PORT);
  const admission = createAdmission();
  lifecycle.onStop('admission', followLoad(admission, pools, metrics));
  const { HOST: host, PORT: port, MAX_CONNECTIONS: maxConnections } = config;
  const server = await startServer(app, { host, port, product, overload: { admission, metrics }, maxConnections });
  lifecycle.onStop('http', () => server.stop());
  return server.port;
}

/** The same below the checkout and below `dist`. */
const consoleFolder = resolve(__dirname, '../../console/dist');

/** Whom this process allowed or denied a change; what is noted is written before the process ends. */
function startDecisionLog({ logger, metrics, lifecycle }: ApiHost, db: Queryable): DecisionLog {
  const log = createDecisionLog({ db, logger, metrics });
  lifecycle.onStop('decisions', () => log.stop());
  return log;
}

/** Serves probes and metrics on a port that is not published. */
async function startInternal({ config, metrics, lifecycle, logger }: ApiHost, port: number): Promise<void> {
  const app = new OpenAPIHono<AppEnv>();
  serveHealth(app, lifecycle);
  serveMetrics(app, metrics);
  const server = await startServer(app, { host: config.HOST, port, product });
  lifecycle.onStop('internal http', () => server.stop());
  logger.info({ port: server.port }, 'health and metrics');
}

/** The database in which processes count requests together; undefined when each counts for itself. */
async function sharedCounts(platform: ApiHost) {
  const url = platform.live('RATE_LIMITS_DATABASE_URL');
  if (url.current() === undefined) return undefined;
  const address = platform.addresses.databaseAt(url as Live<string>);
  return (await openMigrated<unknown>(platform, 'rate limits', address, rateLimitMigrations)).pool;
}
