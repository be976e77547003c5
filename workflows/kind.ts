import { refusals, undoRefusals, type OrderOutcome } from '../contracts/saga/activities';
import { retryOnly } from '../contracts/saga/messages';
import { searchAttributes, type OrderRef } from '../contracts/saga/order';
import { type SagaKind, showStatus } from '../lib/saga/kind';
import { reportStuck } from './steps';

/** What all sagas about an order have in common, including its return. */
export const ofOrders: SagaKind<OrderRef> = {
  refusals,
  undoRefusals,
  retryOnly,
  stuckAttribute: searchAttributes.stuck,
  reportStuck,
  // Patch ids are in the histories of running sagas: they never change.
  patches: {
    operatorGate: 'desk',
    decisionInTime: 'decision-in-time',
    undoFirst: 'parcel-first',
    outages: 'outage',
    directSteps: 'direct-steps',
  },
};

/** Shows the status of the order in the list of workflows. */
export const show = (status: OrderOutcome['status'] | 'returned'): void => showStatus(searchAttributes.status, status);

/** Shows a status on the way. Sagas that had passed it before it was shown continue without. */
export const showPassing = (status: 'in_review' | 'shipped'): void =>
  showStatus(searchAttributes.status, status, { patch: `shown-${status}` });

/** Shows how the saga ended. */
export function showOutcome(outcome: OrderOutcome): OrderOutcome {
  show(outcome.status);
  return outcome;
}
