import { randomUUID } from 'node:crypto';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { createApp, type AppLimits } from '../../lib/http/app';
import { asyncApiDocument } from '../../contracts/asyncapi';
import { roles } from '../../contracts/http/roles';
import { product } from '../../contracts/product';
import { createTokens } from '../../lib/http/auth';
import type { AppEnv } from '../../lib/http/env';
import { createLifecycle, type Lifecycle } from '../../lib/lifecycle/lifecycle';
import { createLogger, type Logger } from '../../lib/telemetry/logger';
import { createMetrics } from '../../lib/telemetry/metrics';

export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

/** An HTTP app without a socket, for tests of routes. */
export interface TestApp {
  app: OpenAPIHono<AppEnv>;
  lifecycle: Lifecycle;
  /** A bearer token. */
  token(role: 'customer' | 'operator', userId?: string): Promise<string>;
  /** A request as an operator, unless a token is given; a string is sent as it is, anything else as JSON. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

/** Mounts routes as the platform does. @param secret of the tokens, where several apps are to take the same. */
export async function createTestApp(
  routes: OpenAPIHono<AppEnv>,
  {
    logger = createLogger({ name: 'test', level: 'silent' }),
    secret = randomUUID(),
    corsOrigins = [],
    limits = {},
  }: { logger?: Logger; secret?: string; corsOrigins?: readonly string[]; limits?: AppLimits } = {},
): Promise<TestApp> {
  const tokens = createTokens({ secret, roles });
  const events = asyncApiDocument();
  const lifecycle = createLifecycle({ logger });
  const app = createApp({ logger, metrics: createMetrics(), tokens, lifecycle, product, events, corsOrigins, limits });
  app.route('/', routes);
  const token: TestApp['token'] = (role, userId = randomUUID()) => tokens.sign({ userId, role });
  const operator = await token('operator');
  return {
    app,
    lifecycle,
    token,
    call: async (method, path, body, headers) => {
      const response = await app.request(path, {
        method,
        headers: { authorization: `Bearer ${operator}`, 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = text !== '' && response.headers.get('content-type')?.includes('json');
      const parsed = isJson ? (JSON.parse(text) as Answer['body']) : { text };
      return { status: response.status, headers: response.headers, body: parsed };
    },
  };
}
