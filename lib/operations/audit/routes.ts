import { createRoute } from '@hono/zod-openapi';
import { jsonAnswer, type createRoutes } from '../../http/routes';
import type { Desk } from '../operations';
import { refusals, shared } from '../route';
import * as contract from './contract';

const showAudit = createRoute({
  ...shared,
  method: 'get',
  path: '/ops/audit',
  summary: 'What operators did, the newest first',
  request: { query: contract.auditQuery },
  responses: { 200: jsonAnswer(contract.auditResponse, 'The audit'), ...refusals },
});

/** What operators did. */
export function addAuditRoutes(routes: ReturnType<typeof createRoutes>, desk: Desk): void {
  routes.openapi(showAudit, async (c) => {
    const entries = await desk.audit(c.req.valid('query').limit);
    return c.json({ items: entries.map((entry) => ({ ...entry, time: entry.time.toISOString() })) }, 200);
  });
}
