import {
  ApplicationFailure,
  CancellationScope,
  condition,
  defineUpdate,
  patched,
  setHandler,
} from '@temporalio/workflow';
import type { Refusal } from '../contracts/saga/activities';
import { reviewUpdate, type Review } from '../contracts/saga/messages';
import type { PlacedOrder, SagaPolicy } from '../contracts/saga/order';
import type { Saga } from '../lib/saga/saga';
import { showPassing, type RefusalDetails } from './outcome';
import { requestReview } from './steps';

/** What makes a review necessary, or has decided it. */
interface Needed {
  flagged: boolean;
  policy: SagaPolicy;
  /** A decision from before the saga was restarted. */
  decided?: Review | undefined;
}

/**
 * Waits for the review of an order that is large or whose payment was flagged.
 * @throws ApplicationFailure `review-rejected` or `review-timed-out`.
 */
export async function review(saga: Saga, order: PlacedOrder, { flagged, policy, decided }: Needed): Promise<void> {
  const isLarge = order.total.amount >= policy.reviewFrom;
  // Orders that had passed this point before there were reviews continue without one.
  if (!(isLarge || flagged) || !patched('review')) return;

  if (decided) {
    follow(decided);
    return;
  }

  const scope = CancellationScope.current();
  let given: Review | undefined;
  let isOpen = true;
  const refuse = ({ decision }: Review): void => {
    if (given?.decision === decision) return;
    if (given) throw refusal('saga-not-waiting', `The review was decided already: ${given.decision}`);
    if (!isOpen || scope.consideredCancelled) throw refusal('saga-not-waiting', 'The review has ended');
  };
  setHandler(defineUpdate<unknown, [Review]>(reviewUpdate), (made) => void (given ??= made), { validator: refuse });

  showPassing('in_review');
  try {
    await saga.step(
      requestReview(order, flagged ? 'The payment was flagged' : 'The total reaches the review threshold'),
    );
    const inTime = await condition(() => given !== undefined, policy.reviewTimeoutMs);
    // A decision at the moment of the time-out counts; in older sagas it did not.
    const isTaken = inTime || (given !== undefined && patched('review-taken'));
    if (!isTaken) throw refusal('review-timed-out', 'The review was not decided in time');
    if (given) follow(given);
  } finally {
    isOpen = false;
  }
}

function follow({ decision, message }: Review): void {
  const details: RefusalDetails[] = message === undefined ? [] : [{ message }];
  if (decision === 'reject') throw refusal('review-rejected', 'Rejected by an operator', details);
}

const refusal = (type: Refusal | 'saga-not-waiting', message: string, details: unknown[] = []) =>
  ApplicationFailure.nonRetryable(message, type, ...details);
