import { defaultPolicy, type OrderOutcome, type OrderRef, type PlacedOrder } from '../../contracts/saga/order';
import { reasonFor } from '../../workflows/reason';
import { startSaga } from '../../workflows/saga';
import { openDesk } from '../../workflows/desk';
import { authorizePayment, cancelOrder, refundReturn, releaseStock } from '../../workflows/steps';
import { reserveStock, returnStock, voidPayment } from '../../workflows/steps';
import { ended } from '../../workflows/visibility';

/** An order saga as a careless change would leave it: two steps have changed places. No history may replay on it. */
export async function orderSaga(order: PlacedOrder): Promise<OrderOutcome> {
  const saga = startSaga(order, defaultPolicy);
  try {
    await saga.step(authorizePayment(order), { undo: voidPayment(order) });
    await saga.step(reserveStock(order), { undo: releaseStock(order) });
    return ended({ status: 'confirmed' });
  } catch (failure) {
    const why = reasonFor(failure, { cancelled: false });
    await saga.undo({ finally: cancelOrder(order, why) });
    return ended({ status: 'cancelled', ...why });
  }
}

/** A return with its steps in another order. */
export async function returnSaga(order: OrderRef): Promise<void> {
  const desk = openDesk(order, defaultPolicy);
  await desk.insist(returnStock(order));
  await desk.insist(refundReturn(order));
}
