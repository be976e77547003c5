import { CancellationScope } from '@temporalio/workflow';
import type { OrderOutcome } from '../contracts/saga/activities';
import type { PlacedOrder, SagaPolicy } from '../contracts/saga/order';
import { isFenced, isFinal } from '../lib/saga/failures';
import type { Saga } from '../lib/saga/saga';
import type { SagaSignals } from '../lib/saga/signals';
import { show, showOutcome, showPassing } from './outcome';
import * as steps from './steps';

type Received = Pick<SagaSignals<'dispatched' | 'delivered'>, 'has'>;

/** The last part of an order: the carrier has its parcel and delivers it. */
export async function deliver(
  saga: Saga,
  order: PlacedOrder,
  received: Received,
  policy: SagaPolicy,
): Promise<OrderOutcome> {
  showPassing('shipped');
  await saga.step(steps.shipStock(order));
  await saga.await('delivery', () => received.has('delivered'), policy.deliveryTimeoutMs);
  await saga.step(steps.deliverOrder(order));
  return showOutcome({ status: 'delivered' });
}

/**
 * Continues an order that was to be undone, but whose parcel can no longer be called back: it is paid, its cancellation is
 * declined, and it ends as delivered. Undefined when its payment is refused: an operator must decide.
 */
export const continueToDelivery = (
  saga: Saga,
  order: PlacedOrder,
  received: Received,
  policy: SagaPolicy,
): Promise<OrderOutcome | undefined> =>
  CancellationScope.nonCancellable(async () => {
    try {
      await saga.propose(steps.capturePayment(order));
    } catch (failure) {
      if (!isFinal(failure)) throw failure;
      return undefined;
    }
    await saga.step(steps.declineCancellation(order));
    await saga.step(steps.confirmOrder(order));
    show('confirmed');
    // A carrier that cannot return the parcel has it; if its report is lost, an operator is asked.
    await saga.await('dispatch', () => received.has('dispatched'), policy.deliveryTimeoutMs);
    await ship(saga, order);
    return deliver(saga, order, received, policy);
  });

/** Declines a cancellation that was accepted meanwhile. */
async function ship(saga: Saga, order: PlacedOrder): Promise<void> {
  for (;;) {
    try {
      await saga.propose(steps.shipOrder(order));
      return;
    } catch (failure) {
      if (!isFenced(failure)) throw failure;
      await saga.step(steps.declineCancellation(order));
    }
  }
}
