import { orderWorkflowId, returnWorkflowId, searchAttributes } from '../contracts/saga/order';
import type { SagaSubject } from '../lib/operations/sagas/subject';

/** The sagas of this platform are about orders; an order may be followed by its return. */
export const orderSagas: SagaSubject = {
  name: 'orderId',
  workflowsOf: (orderId) => [returnWorkflowId(orderId), orderWorkflowId(orderId)],
  idOf: (workflowId) => workflowId.slice(workflowId.indexOf('/') + 1),
  attributes: searchAttributes,
};
