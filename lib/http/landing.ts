import type { OpenAPIHono } from '@hono/zod-openapi';
import { accepts } from 'hono/accepts';
import type { AppEnv } from './env';
import type { Product } from './product';

/** The entry points of the API. */
const links = {
  docs: { href: '/docs', title: 'API documentation' },
  openapi: { href: '/openapi.json', title: 'OpenAPI document' },
  asyncapi: { href: '/asyncapi.json', title: 'AsyncAPI document of the events' },
  health: { href: '/healthz', title: 'Health: whether the process runs' },
  readiness: { href: '/readyz', title: 'Readiness: whether it can serve' },
} as const;

const items = Object.values(links).map(({ href, title }) => `    <li><a href="${href}">${title}</a></li>`);
const pageOf = (name: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>${name}</title>
    <link rel="icon" href="/docs/favicon-32x32.png">
  </head>
  <body>
    <h1>${name}</h1>
    <ul>
${items.join('\n')}
    </ul>
  </body>
</html>`;

/** Serves `/`: links, as a page for browsers and as JSON for programs. */
export function serveLanding(app: OpenAPIHono<AppEnv>, { name }: Product): void {
  const page = pageOf(name);
  app.get('/', (c) => {
    c.header('vary', 'Accept', { append: true });
    const supports = ['application/json', 'text/html'];
    return accepts(c, { header: 'Accept', supports, default: 'application/json' }) === 'text/html'
      ? c.html(page, 200, { 'content-security-policy': "default-src 'none'; img-src 'self'; frame-ancestors 'none'" })
      : c.json({ name, links });
  });
}
