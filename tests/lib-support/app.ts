import { randomUUID } from 'node:crypto';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { describeExchanges } from '../../lib/events/asyncapi';
import type { JsonSchema } from '../../lib/events/json-schema';
import { createApp, type AppLimits } from '../../lib/http/app';
import { noDecisionLog, type DecisionLog } from '../../lib/http/identity/decisions';
import type { Role } from '../../lib/http/identity/bearer';
import type { AppEnv } from '../../lib/http/env';
import type { Product } from '../../lib/http/product';
import type { Revocations } from '../../lib/http/revocation/revocations';
import { createLifecycle, type Lifecycle } from '../../lib/lifecycle/lifecycle';
import { createLogger, type Logger } from '../../lib/telemetry/logger';
import { createMetrics } from '../../lib/telemetry/metrics';
import { product } from './product';
import { roles } from './roles';
import { createTestTokens, type TestTokens } from './tokens';

export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

/** An HTTP app without a socket, for tests of routes. */
export interface TestApp<RoleName extends string = keyof typeof roles> {
  app: OpenAPIHono<AppEnv>;
  lifecycle: Lifecycle;
  /** A bearer token. */
  token(role: RoleName, userId?: string): Promise<string>;
  /** A request as an operator, unless a token is given; a string is sent as it is, anything else as JSON. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

interface AppOptions {
  logger?: Logger;
  /** Where several apps are to take the same. */
  tokens?: TestTokens;
  revocations?: Revocations;
  decisions?: DecisionLog;
  corsOrigins?: readonly string[];
  limits?: AppLimits;
}

/** What an app is told of the platform that it serves. */
interface Platform<RoleName extends string> {
  roles: Readonly<Record<RoleName, Role>>;
  product: Product;
  events: JsonSchema;
}

const notes: Platform<keyof typeof roles> = {
  roles,
  product,
  events: describeExchanges([], { title: 'Events of notes', description: 'None' }),
};

/** Mounts routes as a platform does. */
export const createTestApp = (routes: OpenAPIHono<AppEnv>, options?: AppOptions): Promise<TestApp> =>
  createAppOf(notes, routes, options);

/** Mounts routes as this platform does. */
export async function createAppOf<RoleName extends string>(
  { roles, product, events }: Platform<RoleName | 'operator'>,
  routes: OpenAPIHono<AppEnv>,
  {
    logger = createLogger({ name: 'test', level: 'silent' }),
    tokens = createTestTokens(roles),
    decisions = noDecisionLog,
    corsOrigins = [],
    limits = {},
    revocations,
  }: AppOptions = {},
): Promise<TestApp<RoleName | 'operator'>> {
  const lifecycle = createLifecycle({ logger });
  const app = createApp({
    logger,
    metrics: createMetrics(),
    tokens: tokens.verifier,
    decisions,
    lifecycle,
    product,
    events,
    corsOrigins,
    limits,
    ...(revocations ? { revocations } : {}),
  });
  app.route('/', routes);
  const token: TestApp<RoleName | 'operator'>['token'] = (role, userId = randomUUID()) =>
    tokens.issuer.sign({ userId, role });
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
