import type { OrderOutcome } from '../../contracts/saga/activities';
import { defaultPolicy, type OrderRef, type PlacedOrder } from '../../contracts/saga/order';
import { openOperatorGate } from '../../lib/saga/operator-gate';
import { startSaga } from '../../lib/saga/saga';
import { reasonFor, showOutcome } from '../../workflows/outcome';
import {
  authorizePayment,
  cancelOrder,
  ofOrders,
  refundReturn,
  releaseStock,
  reserveStock,
  returnStock,
  voidPayment,
} from '../../workflows/steps';

/** An order saga as a careless change would leave it: two steps have changed places. No history may replay on it. */
export async function orderSaga(order: PlacedOrder): Promise<OrderOutcome> {
  const saga = startSaga(ofOrders, order, defaultPolicy);
  try {
    await saga.step(authorizePayment(order), { undo: voidPayment(order) });
    await saga.step(reserveStock(order), { undo: releaseStock(order) });
    return showOutcome({ status: 'confirmed' });
  } catch (failure) {
    const why = reasonFor(failure, false);
    await saga.undo({ finally: cancelOrder(order, why) });
    return showOutcome({ status: 'cancelled', ...why });
  }
}

/** A return with its steps in another order. */
export async function returnSaga(order: OrderRef): Promise<void> {
  const gate = openOperatorGate(ofOrders, order, defaultPolicy);
  await gate.runUntilDone(returnStock(order));
  await gate.runUntilDone(refundReturn(order));
}
