import { OpenAPIHono } from '@hono/zod-openapi';
import { classify } from '../errors/classify';
import type { JsonSchema } from '../events/json-schema';
import type { Lifecycle } from '../lifecycle/lifecycle';
import type { Logger } from '../telemetry/logger';
import type { Metrics } from '../telemetry/metrics';
import { limitBody } from './body-limit';
import { refuseEncodedBody } from './content-encoding';
import { allowOrigins } from './cors';
import { serveDocuments } from './documents';
import { requestContext } from './request-context';
import type { AppEnv } from './env';
import { serveHealth, serveMetrics } from './health';
import { noDecisionLog, type DecisionLog } from './identity/decisions';
import { serveKeySet } from './identity/key-set';
import type { TokenKey } from './identity/token-keys';
import type { TokenVerifier } from './identity/verifier';
import { serveLanding } from './landing';
import { defaultDeadlineMs, limitTime } from './limits/deadline';
import { limitRate, type RateLimiters } from './limits/rate-limit';
import { createRateLimiters } from './limits/rate-limiters';
import { createStreamLimit } from './limits/streams';
import { unmatched } from './methods';
import { answerProblem } from './problem';
import type { Product } from './product';
import { serveSwaggerUi } from './swagger-ui';
import { refuseInvalid } from './validation';

const kibibyte = 1024;

/** What protects the process from its callers. */
export interface AppLimits {
  /** How often each caller may ask. */
  rates?: RateLimiters;
  /** How long a request may take, in milliseconds. */
  deadlineMs?: number;
  streamsPerCaller?: number;
  /** Metrics are served elsewhere. */
  hideMetrics?: boolean;
}

/**
 * Creates the HTTP app of a process: mount services with `app.route('/', routes)`. Handlers need no try/catch, because
 * every error becomes a problem; schemas validate before a handler runs; each request has a correlation id, a log line
 * and a measurement.
 * @param tokenKeys of the built-in issuer, to be published.
 * @param decisions takes whom the app allowed or denied a change; default: nobody does.
 * @param events the AsyncAPI document.
 * @param bodyLimit in bytes.
 * @param limits of what callers may ask for; default: only the time of a request is limited.
 * @param corsOrigins the origins whose pages may call the API from a browser; default: none.
 */
export function createApp(options: {
  logger: Logger;
  metrics: Metrics;
  tokens: TokenVerifier;
  tokenKeys?: readonly TokenKey[];
  decisions?: DecisionLog;
  lifecycle: Lifecycle;
  product: Product;
  events: JsonSchema;
  bodyLimit?: number;
  corsOrigins?: readonly string[];
  limits?: AppLimits;
}): OpenAPIHono<AppEnv> {
  const { logger, metrics, tokens, lifecycle, product, events, decisions = noDecisionLog } = options;
  const { bodyLimit = 256 * kibibyte, corsOrigins = [], limits = {}, tokenKeys = [] } = options;
  const { rates = createRateLimiters({}), deadlineMs = defaultDeadlineMs, streamsPerCaller } = limits;
  const app = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });
  app.onError((error, c) => {
    if (classify(error).status >= 500 && !('getResponse' in error)) logger.error({ err: error }, 'request failed');
    return answerProblem(c, error);
  });
  app.notFound((c) => answerProblem(c, unmatched(app, c)));
  const streams = createStreamLimit(streamsPerCaller);
  app.use(requestContext({ logger, metrics, tokens, product, streams, decisions }));
  if (corsOrigins.length > 0) app.use(allowOrigins(corsOrigins));
  app.use(limitRate(rates, metrics), limitTime(deadlineMs), refuseEncodedBody, limitBody(bodyLimit));
  serveLanding(app, product);
  serveHealth(app, lifecycle);
  if (limits.hideMetrics !== true) serveMetrics(app, metrics);
  serveKeySet(app, tokenKeys);
  serveDocuments(app, product, events);
  serveSwaggerUi(app, product);
  return app;
}
