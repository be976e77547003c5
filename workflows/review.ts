import {
  ApplicationFailure,
  CancellationScope,
  condition,
  defineUpdate,
  patched,
  setHandler,
} from '@temporalio/workflow';
import type { Refusal } from '../contracts/saga/failures';
import { reviewUpdate, type Review } from '../contracts/saga/messages';
import type { PlacedOrder, SagaPolicy } from '../contracts/saga/order';
import type { Saga } from '../lib/saga/saga';
import { requestReview } from './steps';
import { showPassing } from './visibility';

/** What makes a review necessary, or has settled it. */
interface Needed {
  flagged: boolean;
  policy: SagaPolicy;
  /** A decision that was made before the saga began anew. */
  decided?: Review | undefined;
}

/**
 * Has a person look at an order that is large or whose payment was flagged.
 * @throws ApplicationFailure `review-rejected` or `review-timed-out`.
 */
export async function review(saga: Saga, order: PlacedOrder, { flagged, policy, decided }: Needed): Promise<void> {
  const isLarge = order.total.amount >= policy.reviewFrom;
  // Orders that were past this point before there were reviews go on without one.
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
    if (given) throw refusal('saga-not-waiting', `It was decided: ${given.decision}`);
    if (!isOpen || scope.consideredCancelled) throw refusal('saga-not-waiting', 'Nobody waits for it any more');
  };
  setHandler(defineUpdate<unknown, [Review]>(reviewUpdate), (made) => void (given ??= made), { validator: refuse });

  showPassing('in_review');
  try {
    await saga.step(requestReview(order, flagged ? 'The payment was flagged' : 'The total is large'));
    const inTime = await condition(() => given !== undefined, policy.reviewTimeoutMs);
    // A decision that came in the moment of the time-out counts. For sagas before this it did not.
    const isTaken = inTime || (given !== undefined && patched('review-taken'));
    if (!isTaken) throw refusal('review-timed-out', 'Nobody decided in time');
    if (given) follow(given);
  } finally {
    isOpen = false;
  }
}

function follow({ decision, note }: Review): void {
  if (decision === 'reject') throw refusal('review-rejected', note ?? 'Rejected by an operator');
}

const refusal = (type: Refusal | 'saga-not-waiting', message: string): ApplicationFailure =>
  ApplicationFailure.nonRetryable(message, type);
