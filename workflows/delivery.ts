import { CancellationScope } from '@temporalio/workflow';
import type { OrderOutcome } from '../contracts/saga/failures';
import type { PlacedOrder, SagaPolicy } from '../contracts/saga/order';
import { isFenced, isFinal } from '../lib/saga/failures';
import type { Saga } from '../lib/saga/saga';
import type { SagaSignals } from '../lib/saga/signals';
import * as steps from './steps';
import { ended, show, showPassing } from './visibility';

type Told = Pick<SagaSignals<'dispatched' | 'delivered'>, 'has'>;

/** The last part of an order: the carrier has its parcel, and hands it over. */
export async function deliver(saga: Saga, order: PlacedOrder, told: Told, policy: SagaPolicy): Promise<OrderOutcome> {
  showPassing('shipped');
  await saga.step(steps.shipStock(order));
  await saga.await('delivery', () => told.has('delivered'), policy.deliveryTimeoutMs);
  await saga.step(steps.deliverOrder(order));
  return ended({ status: 'delivered' });
}

/**
 * Carries an order on that was to be undone when its parcel could no longer be called back: it is paid, its cancellation
 * is declined, and it ends as delivered. Undefined when its payment is refused for good: an operator must decide.
 */
export const carryOn = (
  saga: Saga,
  order: PlacedOrder,
  told: Told,
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
    // A carrier that cannot return the parcel has it: should its report be lost, an operator is asked.
    await saga.await('dispatch', () => told.has('dispatched'), policy.deliveryTimeoutMs);
    await ship(saga, order);
    return deliver(saga, order, told, policy);
  });

/** A cancellation that was accepted meanwhile is declined as well. */
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
