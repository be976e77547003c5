import type { OpenAPIHono } from '@hono/zod-openapi';
import type { JsonSchema } from '../events/json-schema';
import { bearerScheme } from './auth';
import type { AppEnv } from './env';
import type { Product } from './product';

/**
 * Serves `/openapi.json`, with every mounted route and the scope that it requires, and
 * `/asyncapi.json`.
 * @param events the AsyncAPI document.
 */
export function serveDocuments(app: OpenAPIHono<AppEnv>, { name, description }: Product, events: JsonSchema): void {
  app.openAPIRegistry.registerComponent('securitySchemes', bearerScheme, {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
  });
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: { title: name, version: '1', description },
    security: [{ [bearerScheme]: [] }],
  });
  app.get('/asyncapi.json', (c) => c.json(events));
}
