import { OpenAPIHono } from '@hono/zod-openapi';
import { scopes, type Scope } from '../../contracts/http/scopes';
import { bearerScheme } from '../../lib/http/auth';
import type { AppEnv } from '../../lib/http/env';
import { createApiKeyRoutes } from '../../lib/operations/api-keys/routes';
import { createDecisionRoutes } from '../../lib/operations/decisions/routes';
import { createOpsRoutes } from '../../lib/operations/routes';
import { createSagaRoutes } from '../../lib/operations/sagas/routes';
import type { ServiceContext } from '../../lib/service/define-service';
import { services } from '../../workers/modules/discover';
import { createExplainRoutes } from '../../workers/explain/routes';
import { createSettlingRoutes } from '../../workers/reconciliation/settling';
import { orderSagas } from '../../workers/saga-subject';

/** A route of the API, and who may use it. */
export interface RouteRule {
  /** `POST /orders` */
  name: string;
  summary: string;
  /** Instead of a bearer token, `signed`: with a signature; `link`: with the token of a link. */
  requires: Scope | 'signed' | 'link';
}

/** All routes of the API. No server is needed: what they work with is only declared. */
export async function createAllRoutes(): Promise<OpenAPIHono<AppEnv>> {
  const app = new OpenAPIHono<AppEnv>();
  for (const module of services) app.route('/', (await module.compose(context)).routes);
  app.route('/', createOpsRoutes(anything()));
  app.route('/', createSagaRoutes(anything(), orderSagas.name));
  app.route('/', createSettlingRoutes(anything()));
  app.route('/', createExplainRoutes(anything()));
  app.route('/', createDecisionRoutes(anything()));
  app.route('/', createApiKeyRoutes({ ...context, db: anything(), scopes: Object.keys(scopes) }));
  return app;
}

/** Stands for what routes are made with and do not use before a request. */
function anything(): never {
  const stand: unknown = new Proxy(() => undefined, {
    get: (_target, name) => (name === 'then' || typeof name === 'symbol' ? undefined : stand),
    apply: () => stand,
  });
  return stand as never;
}

const context: ServiceContext<unknown> = {
  database: anything(),
  databases: anything(),
  notifier: anything(),
  clock: anything(),
  ids: anything(),
  settings: anything(),
  live: anything(),
  logger: anything(),
  metrics: anything(),
  temporal: anything(),
};

/** The rule of each route. @throws Error that names every route without one. */
export function rulesOf(app: OpenAPIHono<AppEnv>): RouteRule[] {
  const { paths = {} } = app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: '', version: '' } });
  const declared = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Described>).map(([verb, described]) => ruleOf(verb, path, described)),
  );
  const known = new Set(declared.map(({ name }) => name.replaceAll(/\{(\w+)\}/g, ':$1')));
  const handled = app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`);
  const undeclared = [...new Set(handled)].filter((name) => !known.has(name));
  const problems = [
    ...undeclared.map((name) => `${name}: it is not in the OpenAPI document; declare it with createRoute`),
    ...declared.flatMap(({ name, requires }) =>
      requires === undefined ? [`${name}: nobody says who may use it; declare it with requires('<scope>')`] : [],
    ),
  ];
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return declared.flatMap(({ requires, ...route }) => (requires === undefined ? [] : [{ ...route, requires }]));
}

interface Described {
  summary?: string;
  security?: Record<string, string[]>[];
  parameters?: { in: string; name: string }[];
}

function ruleOf(verb: string, path: string, { summary = '', security, parameters = [] }: Described) {
  const route = { name: `${verb.toUpperCase()} ${path}`, summary };
  const isSigned =
    security?.length === 0 && parameters.some(({ in: at, name }) => at === 'header' && /sign/i.test(name));
  if (isSigned) return { ...route, requires: 'signed' as const };
  const isLinked =
    security?.length === 0 && parameters.some(({ in: at, name: one }) => at === 'query' && /token$/i.test(one));
  if (isLinked) return { ...route, requires: 'link' as const };
  const [scope] = security?.length === 1 ? (security[0]?.[bearerScheme] ?? []) : [];
  return { ...route, requires: scope !== undefined && isScope(scope) ? scope : undefined };
}

const isScope = (name: string): name is Scope => Object.hasOwn(scopes, name);
