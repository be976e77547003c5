import type { OpenAPIHono } from '@hono/zod-openapi';
import type { JsonSchema } from '../events/json-schema';
import type { AppEnv } from './env';
import { openApiDocument, type OpenApiDocument } from './openapi/document';
import type { Product } from './product';

/**
 * Serves `/openapi.json`, with every mounted route and the scope that it requires, and
 * `/asyncapi.json`.
 * @param events the AsyncAPI document.
 */
export function serveDocuments(app: OpenAPIHono<AppEnv>, product: Product, events: JsonSchema): void {
  // Made at the first request: routes are mounted later than this, but none is mounted while requests are served.
  let document: OpenApiDocument | undefined;
  app.get('/openapi.json', (c) => c.json((document ??= openApiDocument(app, product))));
  app.get('/asyncapi.json', (c) => c.json(events));
}
