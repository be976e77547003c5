import { OpenAPIHono } from '@hono/zod-openapi';
import { classify } from '../errors/classify';
import type { JsonSchema } from '../events/json-schema';
import type { Lifecycle } from '../lifecycle/lifecycle';
import type { Logger } from '../telemetry/logger';
import type { Metrics } from '../telemetry/metrics';
import { limitBody, refuseEncodedBody, refuseInvalid } from './validation';
import { noProxies, type TrustedProxies } from './client-address';
import { serveConsole } from './console/serve';
import { allowOrigins } from './cors';
import { serveDocuments } from './documents';
import { requestContext } from './request-context';
import type { AppContext, AppEnv } from './env';
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
import { createRevocations, type Revocations } from './revocation/revocations';
import { serveSwaggerUi } from './swagger-ui';

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
  /** The proxies whose `X-Forwarded-For` is believed; default: none. */
  trustedProxies?: TrustedProxies;
}

/**
 * Creates the HTTP app of a process: mount services with `app.route('/', routes)`. Handlers need no try/catch, because
 * every error becomes a problem; schemas validate before a handler runs; each request has a correlation id, a log line
 * and a measurement.
 * @param tokenKeys of the built-in issuer, to be published.
 * @param revocations of tokens; default: none is ever revoked.
 * @param decisions takes whom the app allowed or denied a change; default: nobody does.
 * @param events the AsyncAPI document.
 * @param bodyLimit in bytes.
 * @param limits of what callers may ask for; default: only the time of a request is limited.
 * @param consoleFolder holds the console's files; default: none is served.
 * @param corsOrigins the origins whose pages may call the API from a browser; default: none.
 */
export function createApp(options: {
  logger: Logger;
  metrics: Metrics;
  tokens: TokenVerifier;
  tokenKeys?: () => readonly TokenKey[];
  revocations?: Revocations | undefined;
  decisions?: DecisionLog;
  lifecycle: Lifecycle;
  product: Product;
  events: JsonSchema;
  bodyLimit?: number;
  consoleFolder?: string;
  corsOrigins?: readonly string[];
  limits?: AppLimits;
}): OpenAPIHono<AppEnv> {
  const { logger, metrics, tokens, lifecycle, product, events } = options;
  const { revocations = createRevocations(), decisions = noDecisionLog, tokenKeys = () => [] } = options;
  const { bodyLimit = 256 * kibibyte, corsOrigins = [], limits = {} } = options;
  const { rates = createRateLimiters({}), deadlineMs = defaultDeadlineMs, streamsPerCaller } = limits;
  const { trustedProxies = noProxies } = limits;
  const app = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });
  app.onError((error, c) => {
    if (isAbandoned(c, error)) {
      logger.debug({ err: error }, 'read abandoned: its client has left');
      return new Response(null, { status: clientClosedRequest });
    }
    if (classify(error).status >= 500 && !('getResponse' in error)) logger.error({ err: error }, 'request failed');
    return answerProblem(c, error);
  });
  app.notFound((c) => answerProblem(c, unmatched(app, c)));
  const streams = createStreamLimit(streamsPerCaller);
  app.use(requestContext({ logger, metrics, tokens, revocations, product, streams, trustedProxies, decisions }));
  if (corsOrigins.length > 0) app.use(allowOrigins(corsOrigins));
  app.use(limitRate(rates, metrics), limitTime(deadlineMs), refuseEncodedBody, limitBody(bodyLimit));
  serveLanding(app, product);
  serveHealth(app, lifecycle);
  if (limits.hideMetrics !== true) serveMetrics(app, metrics);
  serveKeySet(app, tokenKeys);
  serveDocuments(app, product, events);
  serveSwaggerUi(app, product);
  if (options.consoleFolder !== undefined) serveConsole(app, options.consoleFolder);
  return app;
}

/** Nobody receives it; in the log and in metrics it keeps such a request apart from failures. nginx has the same. */
const clientClosedRequest = 499;

/**
 * Whether a read failed because `limitTime` cancelled it when its client left: it got no database session, or lost the
 * one it had.
 */
const isAbandoned = ({ req }: AppContext, error: Error): boolean =>
  ['GET', 'HEAD'].includes(req.method) &&
  req.raw.signal.aborted &&
  (error.name === 'AbortError' || classify(error).code === 'unavailable');
