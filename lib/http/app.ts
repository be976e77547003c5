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
import { serveHealth } from './health';
import { serveLanding } from './landing';
import { unmatched } from './methods';
import { answerProblem } from './problem';
import type { Product } from './product';
import type { Tokens } from './tokens';
import { serveSwaggerUi } from './swagger-ui';
import { refuseInvalid } from './validation';

const kibibyte = 1024;

/**
 * Creates the HTTP app of a process: mount services with `app.route('/', routes)`. Handlers need no try/catch, because
 * every error becomes a problem; schemas validate before a handler runs; each request has a correlation id, a log line
 * and a measurement.
 * @param events the AsyncAPI document.
 * @param bodyLimit in bytes.
 * @param corsOrigins the origins whose pages may call the API from a browser; default: none.
 */
export function createApp(options: {
  logger: Logger;
  metrics: Metrics;
  tokens: Tokens;
  lifecycle: Lifecycle;
  product: Product;
  events: JsonSchema;
  bodyLimit?: number;
  corsOrigins?: readonly string[];
}): OpenAPIHono<AppEnv> {
  const { logger, metrics, lifecycle, product, events, bodyLimit = 256 * kibibyte, corsOrigins = [] } = options;
  const app = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });
  app.onError((error, c) => {
    if (classify(error).status >= 500 && !('getResponse' in error)) logger.error({ err: error }, 'request failed');
    return answerProblem(c, error);
  });
  app.notFound((c) => answerProblem(c, unmatched(app, c)));
  app.use(requestContext(options));
  if (corsOrigins.length > 0) app.use(allowOrigins(corsOrigins));
  app.use(refuseEncodedBody, limitBody(bodyLimit));
  serveLanding(app, product);
  serveHealth(app, lifecycle, metrics);
  serveDocuments(app, product, events);
  serveSwaggerUi(app, product);
  return app;
}
