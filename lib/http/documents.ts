import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from './env';
import type { Product } from './product';

/** Serves `/openapi.json`: every route that is mounted, each behind a bearer token unless it says otherwise. */
export function serveDocument(app: OpenAPIHono<AppEnv>, { name, description }: Product): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
  });
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: { title: name, version: '1', description },
    security: [{ bearer: [] }],
  });
}
