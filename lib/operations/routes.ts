import { createRoutes } from '../http/routes';
import { addAuditRoutes } from './audit/routes';
import { addConsumerRoutes } from './consumers/routes';
import { addDeadLetterRoutes } from './dead-letters/routes';
import type { Operations } from './operations';
import { addOutboxRoutes } from './outbox/routes';
import { addUnpublishedRoutes } from './outbox/unpublished-routes';
import { addParkedRoutes } from './parked/routes';

/** The routes for operators, except those for sagas. */
export function createOpsRoutes(operations: Operations) {
  const routes = createRoutes();
  addDeadLetterRoutes(routes, operations);
  addParkedRoutes(routes, operations);
  addConsumerRoutes(routes, operations);
  addOutboxRoutes(routes, operations);
  addUnpublishedRoutes(routes, operations);
  addAuditRoutes(routes, operations);
  return routes;
}
