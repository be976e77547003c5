import { upsertSearchAttributes } from '@temporalio/workflow';
import { searchAttributes, type OrderOutcome } from '../contracts/saga/order';

/** Shows the end in the list of workflows; it travels with the workflow's last command and costs no round trip. */
export function ended(outcome: OrderOutcome): OrderOutcome {
  upsertSearchAttributes([{ key: searchAttributes.status, value: outcome.status }]);
  return outcome;
}
