import { CancellationScope } from '@temporalio/workflow';
import type { OrderOutcome, PlacedOrder, SagaPolicy } from '../contracts/saga/order';
import type { News } from './news';
import { isFenced, isFinal } from './reason';
import type { Saga } from './saga';
import * as steps from './steps';
import { ended, showPassing, shown } from './visibility';

/** The last part of an order: the carrier has its parcel, and hands it over. */
export async function delivered(saga: Saga, order: PlacedOrder, news: News, policy: SagaPolicy): Promise<OrderOutcome> {
  showPassing('shipped');
  await saga.step(steps.shipStock(order));
  await saga.await('delivery', () => news.delivered, policy.deliveryTimeoutMs);
  await saga.step(steps.deliverOrder(order));
  return ended({ status: 'delivered' });
}

/**
 * Carries an order on that was to be undone when its parcel could no longer be called back: it is paid, the wish to
 * cancel it is declined, and it ends as delivered. Undefined when its payment is refused for good: people must decide.
 */
export const kept = (
  saga: Saga,
  order: PlacedOrder,
  news: News,
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
    shown('confirmed');
    // A carrier that can't give the parcel back has it: should its report be lost, people are asked.
    await saga.await('dispatch', () => news.dispatched, policy.deliveryTimeoutMs);
    await shipped(saga, order);
    return delivered(saga, order, news, policy);
  });

/** A wish to cancel that was accepted meanwhile is declined as well. */
async function shipped(saga: Saga, order: PlacedOrder): Promise<void> {
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
