import { defaultPolicy, type OrderRef } from '../contracts/saga/order';
import { openOperatorGate } from '../lib/saga/operator-gate';
import { show } from './outcome';
import { completeReturn, ofOrders, refundReturn, returnStock, voidReturn } from './steps';

/** The return of a delivered order: the refund, the stock, and the order itself. It only goes forward. */
export async function returnSaga(order: OrderRef, policy = defaultPolicy): Promise<void> {
  const gate = openOperatorGate(ofOrders, order, policy);
  await gate.runUntilDone(refundReturn(order));
  await gate.runUntilDone(voidReturn(order));
  await gate.runUntilDone(returnStock(order));
  await gate.runUntilDone(completeReturn(order));
  show('returned');
}
