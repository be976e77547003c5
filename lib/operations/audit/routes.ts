import { createRoute } from '@hono/zod-openapi';
import { jsonAnswer, type createRoutes } from '../../http/routes';
import type { Operations } from '../operations';
import { refusals, shared } from '../route';
import * as contract from './contract';

const showAudit = createRoute({
  operationId: 'listAuditEntries',
  ...shared('ops:read'),
  method: 'get',
  path: '/ops/audit',
  summary: 'List what operators did, newest first',
  request: { query: contract.auditQuery },
  responses: { 200: jsonAnswer(contract.auditResponse, 'The audit log'), ...refusals },
});

/** The audit log. */
export function addAuditRoutes(routes: ReturnType<typeof createRoutes>, operations: Operations): void {
  routes.openapi(showAudit, async (c) => {
    const entries = await operations.audit(c.req.valid('query').limit);
    return c.json({ items: entries.map((entry) => ({ ...entry, time: entry.time.toISOString() })) }, 200);
  });
}
