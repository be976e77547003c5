import { patched } from '@temporalio/workflow';
import { defaultPolicy, type OrderOutcome, type PlacedOrder, type Progress } from '../contracts/saga/order';
import { delivered, kept } from './delivery';
import { hearNews } from './news';
import { reasonFor } from './reason';
import { reserved } from './reserve';
import { reviewed } from './review';
import { startSaga } from './saga';
import * as steps from './steps';
import { ended, shown } from './visibility';

/**
 * One order, from placed to delivered; or, when a step is refused or it is cancelled, back to nothing held or charged.
 * @param before what had happened to the order, when its first saga is gone and this one takes over.
 */
export async function orderSaga(placed: PlacedOrder, policy = defaultPolicy, before?: Progress): Promise<OrderOutcome> {
  const saga = startSaga(placed, policy, before && steps.undosOf(placed));
  const news = hearNews(before);
  let order = placed;
  try {
    await news.unlessCancelled(async () => {
      order = await reserved(saga, placed);
      const { flagged } = await saga.step(steps.authorizePayment(order), { undo: steps.voidPayment(order) });
      await reviewed(saga, order, { flagged, policy, decided: before?.review });
      await saga.step(steps.bookShipment(order), { undo: steps.cancelShipment(order), first: true });
      await saga.pivot(steps.capturePayment(order), { undo: steps.refundPayment(order) });
      await saga.step(steps.confirmOrder(order));
    });
    // Sagas that were here before parcels were waited for end as their histories say.
    if (!patched('delivery')) return ended({ status: 'confirmed' });
    shown('confirmed');
    await news.unlessCancelled(() => news.dispatch());
    await saga.propose(steps.shipOrder(order));
    return await delivered(saga, order, news, policy);
  } catch (failure) {
    const why = reasonFor(failure, news);
    // The customer may have the parcel already: then they keep it and pay for it, and may return it.
    const outcome = (await saga.withdraw()) ? undefined : await kept(saga, order, news, policy);
    if (outcome) return outcome;
    await saga.undo({ finally: steps.cancelOrder(placed, why) });
    return ended({ status: 'cancelled', ...why });
  }
}
