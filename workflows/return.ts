import { defaultPolicy, type OrderRef } from '../contracts/saga/order';
import { openDesk } from './desk';
import { completeReturn, refundReturn, returnStock, voidReturn } from './steps';
import { shown } from './visibility';

/** A delivered order comes back: money, stock, and the order itself. It only goes forward. */
export async function returnSaga(order: OrderRef, policy = defaultPolicy): Promise<void> {
  const desk = openDesk(order, policy);
  await desk.insist(refundReturn(order));
  await desk.insist(voidReturn(order));
  await desk.insist(returnStock(order));
  await desk.insist(completeReturn(order));
  shown('returned');
}
