import { patched } from '@temporalio/workflow';
import type { OrderOutcome } from '../contracts/saga/failures';
import { signals } from '../contracts/saga/messages';
import { defaultPolicy, type PlacedOrder, type Progress } from '../contracts/saga/order';
import { startSaga } from '../lib/saga/saga';
import { listenForSignals } from '../lib/saga/signals';
import { carryOn, deliver } from './delivery';
import { ofOrders } from './kind';
import { reasonFor } from './reason';
import { reserve } from './reserve';
import { review } from './review';
import * as steps from './steps';
import { ended, show } from './visibility';

/**
 * One order, from placed to delivered; or, when a step is refused or it is cancelled, back to nothing held or charged.
 * @param before what had happened to the order, when its first saga is gone and this one takes over.
 */
export async function orderSaga(placed: PlacedOrder, policy = defaultPolicy, before?: Progress): Promise<OrderOutcome> {
  const saga = startSaga(ofOrders, placed, policy, before && steps.undosOf(placed));
  const told = listenForSignals(signals, before && { ...before, cancel: before.cancelling });
  let order = placed;
  try {
    await told.unlessCancelled(async () => {
      order = await reserve(saga, placed);
      const { flagged } = await saga.step(steps.authorizePayment(order), { undo: steps.voidPayment(order) });
      await review(saga, order, { flagged, policy, decided: before?.review });
      await saga.step(steps.bookShipment(order), { undo: steps.cancelShipment(order), first: true });
      await saga.pivot(steps.capturePayment(order), { undo: steps.refundPayment(order) });
      await saga.step(steps.confirmOrder(order));
    });
    // Sagas that were here before parcels were waited for end as their histories say.
    if (!patched('delivery')) return ended({ status: 'confirmed' });
    show('confirmed');
    await told.unlessCancelled(() => told.until('dispatched'));
    await saga.propose(steps.shipOrder(order));
    return await deliver(saga, order, told, policy);
  } catch (failure) {
    const why = reasonFor(failure, told.has('cancel'));
    // The customer may have the parcel already: then they keep it and pay for it, and may return it.
    const outcome = (await saga.withdraw()) ? undefined : await carryOn(saga, order, told, policy);
    if (outcome) return outcome;
    await saga.undo({ finally: steps.cancelOrder(placed, why) });
    return ended({ status: 'cancelled', ...why });
  }
}
