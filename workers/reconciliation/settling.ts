import { createRoute, z } from '@hono/zod-openapi';
import { requires } from '../../contracts/http/access';
import { driftSettled, driftSettlement } from '../../contracts/http/drift';
import { anyCaseId } from '../../lib/ids/ids';
import type { Queryable } from '../../lib/db/database';
import { createRoutes, jsonAnswer, jsonBody, problems } from '../../lib/http/routes';
import { audited } from '../../lib/operations/audit';

/** The action in the audit log that settles a difference; its entry is what silences it. */
export const settleAction = 'drift settle';

const settleDrift = createRoute({
  operationId: 'settleDrift',
  method: 'post',
  path: '/ops/drift/{orderId}/settle',
  tags: ['ops'],
  summary: 'Settle a difference between services that stays as it is',
  ...requires('ops:settle'),
  request: { params: z.strictObject({ orderId: anyCaseId }), body: jsonBody(driftSettlement) },
  responses: { 200: jsonAnswer(driftSettled, 'It is no longer reported'), ...problems(400, 401, 403, 413, 415) },
});

/** The route by which operators settle differences. @param db the database of orders. */
export function createSettlingRoutes(db: Queryable) {
  const routes = createRoutes();
  routes.openapi(settleDrift, async (c) => {
    const { orderId } = c.req.valid('param');
    const settlement = c.req.valid('json');
    await audited(db, settleAction, orderId, settlement, () => Promise.resolve());
    return c.json({ orderId, kind: settlement.kind }, 200);
  });
  return routes;
}
