import { patched } from '@temporalio/workflow';
import { defaultPolicy, type OrderOutcome, type PlacedOrder } from '../contracts/saga/order';
import { hearNews } from './news';
import { reasonFor } from './reason';
import { reserved } from './reserve';
import { reviewed } from './review';
import { startSaga } from './saga';
import * as steps from './steps';
import { ended, showPassing, shown } from './visibility';

/** One order, from placed to delivered; or, when a step is refused or it is cancelled, back to nothing held or charged. */
export async function orderSaga(placed: PlacedOrder, policy = defaultPolicy): Promise<OrderOutcome> {
  const saga = startSaga(placed, policy);
  const news = hearNews();
  try {
    const order = await news.unlessCancelled(async () => {
      const held = await reserved(saga, placed);
      const { flagged } = await saga.step(steps.authorizePayment(held), { undo: steps.voidPayment(held) });
      await reviewed(saga, held, flagged, policy);
      await saga.step(steps.bookShipment(held), { undo: steps.cancelShipment(held) });
      await saga.pivot(steps.capturePayment(held), { undo: steps.refundPayment(held) });
      await saga.step(steps.confirmOrder(held));
      return held;
    });
    // Sagas that were here before parcels were waited for end as their histories say.
    if (!patched('delivery')) return ended({ status: 'confirmed' });
    shown('confirmed');
    await news.unlessCancelled(() => news.dispatch());
    await saga.propose(steps.shipOrder(order));
    showPassing('shipped');
    await saga.step(steps.shipStock(order));
    await saga.await('delivery', () => news.delivered, policy.deliveryTimeoutMs);
    await saga.step(steps.deliverOrder(order));
    return ended({ status: 'delivered' });
  } catch (failure) {
    const why = reasonFor(failure, news);
    await saga.undo({ finally: steps.cancelOrder(placed, why) });
    return ended({ status: 'cancelled', ...why });
  }
}
