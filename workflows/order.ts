import { patched } from '@temporalio/workflow';
import type { OrderOutcome } from '../contracts/saga/activities';
import { signals } from '../contracts/saga/messages';
import { defaultPolicy, type PlacedOrder, type Progress } from '../contracts/saga/order';
import { startSaga, type Saga } from '../lib/saga/saga';
import { listenForSignals } from '../lib/saga/signals';
import { continueToDelivery, deliver } from './delivery';
import { reasonFor, show, showOutcome } from './outcome';
import { review } from './review';
import * as steps from './steps';

/**
 * One order, from placed to delivered; or, when a step is refused or it is cancelled, back to nothing reserved or charged.
 * @param before what had happened to the order, when this saga replaces one that no longer exists.
 */
export async function orderSaga(placed: PlacedOrder, policy = defaultPolicy, before?: Progress): Promise<OrderOutcome> {
  const isUnknown = before !== undefined || policy.directSteps === true;
  const saga = startSaga(steps.ofOrders, placed, policy, isUnknown ? steps.undosOf(placed) : []);
  const received = listenForSignals(signals, before && { ...before, cancel: before.cancelling });
  let order = placed;
  try {
    await received.unlessCancelled(async () => {
      order = await reserve(saga, placed);
      const { flagged } = await saga.step(steps.authorizePayment(order), { undo: steps.voidPayment(order) });
      await review(saga, order, { flagged, policy, decided: before?.review });
      await saga.step(steps.bookShipment(order), { undo: steps.cancelShipment(order), first: true });
      await saga.pivot(steps.capturePayment(order), { undo: steps.refundPayment(order) });
      await saga.step(steps.confirmOrder(order));
    });
    // Sagas from before deliveries were awaited end as their histories say.
    if (!patched('delivery')) return showOutcome({ status: 'confirmed' });
    show('confirmed');
    await received.unlessCancelled(() => received.until('dispatched'));
    await saga.propose(steps.shipOrder(order));
    return await deliver(saga, order, received, policy);
  } catch (failure) {
    const why = reasonFor(failure, received.has('cancel'));
    // If the customer has the parcel already, they keep it, pay for it, and may return it.
    const outcome = (await saga.withdraw()) ? undefined : await continueToDelivery(saga, order, received, policy);
    if (outcome) return outcome;
    await saga.undo({ finally: steps.cancelOrder(placed, why) });
    return showOutcome({ status: 'cancelled', ...why });
  }
}

/** Reserves the stock. @returns the order as reserved: without dropped lines, if the customer accepts a partial order. */
async function reserve(saga: Saga, placed: PlacedOrder): Promise<PlacedOrder> {
  const held = await saga.step(steps.reserveStock(placed), { undo: steps.releaseStock(placed) });
  if (!held) return placed;
  const { total } = await saga.step(steps.reduceOrder(placed, held.dropped));
  return { ...placed, total, items: placed.items.filter(({ sku }) => !held.dropped.includes(sku)) };
}
