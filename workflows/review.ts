import { ApplicationFailure, condition, defineUpdate, patched, setHandler } from '@temporalio/workflow';
import type { Refusal } from '../contracts/saga/failures';
import { reviewUpdate, type Review } from '../contracts/saga/messages';
import type { PlacedOrder, SagaPolicy } from '../contracts/saga/order';
import type { Saga } from './saga';
import { requestReview } from './steps';

/**
 * Has a person look at an order that is large or whose payment was flagged.
 * @throws ApplicationFailure `review-rejected` or `review-timed-out`.
 */
export async function reviewed(saga: Saga, order: PlacedOrder, flagged: boolean, policy: SagaPolicy): Promise<void> {
  const isLarge = order.total.amount >= policy.reviewFrom;
  // Orders that were past this point before there were reviews go on without one.
  if (!(isLarge || flagged) || !patched('review')) return;

  let review: Review | undefined;
  const refuse = ({ decision }: Review): void => {
    if (review && review.decision !== decision) throw refusal('saga-not-waiting', `It was decided: ${review.decision}`);
  };
  setHandler(defineUpdate<unknown, [Review]>(reviewUpdate), (made) => void (review ??= made), { validator: refuse });

  await saga.step(requestReview(order, flagged ? 'The payment was flagged' : 'The total is large'));
  const isDecided = await condition(() => review !== undefined, policy.reviewTimeoutMs);
  if (!isDecided) throw refusal('review-timed-out', 'Nobody decided in time');
  if (review?.decision === 'reject') throw refusal('review-rejected', review.note ?? 'Rejected by an operator');
}

const refusal = (type: Refusal | 'saga-not-waiting', message: string): ApplicationFailure =>
  ApplicationFailure.nonRetryable(message, type);
