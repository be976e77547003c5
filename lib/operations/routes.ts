import { createRoutes } from '../http/routes';
import { addAuditRoutes } from './audit/routes';
import { addConsumerRoutes } from './consumers/routes';
import { addDeadLetterRoutes } from './dead-letters/routes';
import type { Desk } from './operations';
import { addOutboxRoutes } from './outbox/routes';
import { addUnpublishedRoutes } from './outbox/unpublished-routes';
import { addParkedRoutes } from './parked/routes';

/** What operators see and do, over HTTP. */
export function createOpsRoutes(desk: Desk) {
  const routes = createRoutes();
  addDeadLetterRoutes(routes, desk);
  addParkedRoutes(routes, desk);
  addConsumerRoutes(routes, desk);
  addOutboxRoutes(routes, desk);
  addUnpublishedRoutes(routes, desk);
  addAuditRoutes(routes, desk);
  return routes;
}
