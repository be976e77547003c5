import type { Client } from '@temporalio/client';
import { reviewUpdate } from '../../contracts/saga/messages';
import { orderWorkflowId } from '../../contracts/saga/order';
import { platformError } from './errors';
import { updateWorkflow } from '../../lib/temporal/calls';
import type { DecideReview } from './customer-requests';
import { withoutNote } from './review-decision';

/** Sends an operator's decision on a review to the saga of its order; sending the same decision twice has no further effect. */
export const reviewDecider =
  (client: () => Client): DecideReview =>
  (orderId, review) =>
    updateWorkflow(
      client(),
      {
        workflowId: orderWorkflowId(orderId),
        name: reviewUpdate,
        argument: withoutNote(review),
        updateId: `review-${review.decision}`,
      },
      (why, isGone) =>
        isGone
          ? platformError(
              'saga-gone',
              `Order ${orderId} is waiting for a review, but its workflow no longer exists; ` +
                `run: npm run sagaworks -- sagas restart ${orderId} --reason '…', then send the review again`,
            )
          : platformError('order-not-in-review', `Order ${orderId} is not waiting for a review: ${why}`),
    );
