import { randomUUID } from 'node:crypto';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { describeExchanges } from '../../lib/events/asyncapi';
import type { JsonSchema } from '../../lib/events/json-schema';
import { createApp, type AppLimits } from '../../lib/http/app';
import { createTokens } from '../../lib/http/auth';
import type { AppEnv } from '../../lib/http/env';
import type { Product } from '../../lib/http/product';
import type { Revocations } from '../../lib/http/revocation/revocations';
import { createLifecycle, type Lifecycle } from '../../lib/lifecycle/lifecycle';
import { createLogger, type Logger } from '../../lib/telemetry/logger';
import { createMetrics } from '../../lib/telemetry/metrics';
import { product } from './product';

export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

/** An HTTP app without a socket, for tests of routes. */
export interface TestApp<Role extends string = 'member'> {
  app: OpenAPIHono<AppEnv>;
  lifecycle: Lifecycle;
  /** A bearer token. */
  token(role: Role | 'operator', userId?: string): Promise<string>;
  /** A request as an operator, unless a token is given; a string is sent as it is, anything else as JSON. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

interface AppOptions {
  logger?: Logger;
  /** Of the tokens, where several apps are to take the same. */
  secret?: string;
  revocations?: Revocations;
  corsOrigins?: readonly string[];
  limits?: AppLimits;
}

/** What an app is told of the platform that it serves. */
interface Platform<Role extends string> {
  roles: readonly Role[];
  product: Product;
  events: JsonSchema;
}

const notes: Platform<'member'> = {
  roles: ['member'],
  product,
  events: describeExchanges([], { title: 'Events of notes', description: 'None' }),
};

/** Mounts routes as a platform does. */
export const createTestApp = (routes: OpenAPIHono<AppEnv>, options?: AppOptions): Promise<TestApp> =>
  createAppOf(notes, routes, options);

/** Mounts routes as this platform does. */
export async function createAppOf<const Role extends string>(
  { roles, product, events }: Platform<Role>,
  routes: OpenAPIHono<AppEnv>,
  {
    logger = createLogger({ name: 'test', level: 'silent' }),
    secret = randomUUID(),
    corsOrigins = [],
    limits = {},
    revocations,
  }: AppOptions = {},
): Promise<TestApp<Role>> {
  const tokens = createTokens({ secret, roles });
  const lifecycle = createLifecycle({ logger });
  const app = createApp({
    logger,
    metrics: createMetrics(),
    tokens,
    lifecycle,
    product,
    events,
    corsOrigins,
    limits,
    ...(revocations ? { revocations } : {}),
  });
  app.route('/', routes);
  const token: TestApp<Role>['token'] = (role, userId = randomUUID()) => tokens.sign({ userId, role });
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
