import { refusals, undoRefusals } from '../contracts/saga/failures';
import { retryOnly } from '../contracts/saga/messages';
import { searchAttributes, type OrderRef } from '../contracts/saga/order';
import type { SagaKind } from '../lib/saga/kind';
import { reportStuck } from './steps';

/** What all sagas about an order have in common, its return included. */
export const ofOrders: SagaKind<OrderRef> = {
  refusals,
  undoRefusals,
  retryOnly,
  stuckAttribute: searchAttributes.stuck,
  reportStuck,
  // In histories of sagas under way: they never change.
  patches: {
    operatorGate: 'desk',
    decisionInTime: 'decision-in-time',
    undoFirst: 'parcel-first',
    outages: 'outage',
  },
};
