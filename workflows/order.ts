import type { OrderOutcome, PlacedOrder } from '../contracts/saga/order';
import { reasonFor } from './reason';
import { startSaga } from './saga';
import {
  authorizePayment,
  bookShipment,
  cancelOrder,
  cancelShipment,
  capturePayment,
  confirmOrder,
  refundPayment,
  releaseStock,
  reserveStock,
  voidPayment,
} from './steps';
import { ended } from './visibility';

/** One order, from placed to confirmed; or, when a step is refused, back to nothing held and nothing charged. */
export async function orderSaga(order: PlacedOrder): Promise<OrderOutcome> {
  const saga = startSaga();
  try {
    await saga.step(reserveStock(order), { undo: releaseStock(order) });
    await saga.step(authorizePayment(order), { undo: voidPayment(order) });
    await saga.step(bookShipment(order), { undo: cancelShipment(order) });
    await saga.pivot(capturePayment(order), { undo: refundPayment(order) });
    await saga.step(confirmOrder(order));
    return ended({ status: 'confirmed' });
  } catch (failure) {
    const why = reasonFor(failure);
    await saga.undo({ finally: cancelOrder(order, why) });
    return ended({ status: 'cancelled', ...why });
  }
}
