import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from './env';

/** Serves `/openapi.json`: every route that is mounted, each behind a bearer token unless it says otherwise. */
export function serveDocument(app: OpenAPIHono<AppEnv>): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
  });
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'Sagaworks', version: '1', description: 'Orders, and all that comes of them.' },
    security: [{ bearer: [] }],
  });
}
