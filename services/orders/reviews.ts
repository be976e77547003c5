import type { Client } from '@temporalio/client';
import { reviewUpdate } from '../../contracts/saga/messages';
import { orderWorkflowId } from '../../contracts/saga/order';
import { platformError } from './errors';
import { updateWorkflow } from '../../lib/temporal/calls';
import type { DecideReview } from './wishes';

/** Brings a review to the saga of its order; a double click is one decision. */
export const reviewDecider =
  (client: () => Client): DecideReview =>
  (orderId, review) =>
    updateWorkflow(
      client(),
      {
        workflowId: orderWorkflowId(orderId),
        name: reviewUpdate,
        argument: review,
        updateId: `review-${review.decision}`,
      },
      (why, isGone) =>
        isGone
          ? platformError(
              'saga-gone',
              `Order ${orderId} waits for a review, but its workflow is gone; ` +
                `run: npm run sagaworks -- sagas restart ${orderId} --reason '…', then review it`,
            )
          : platformError('order-not-in-review', `Order ${orderId} does not wait for a review: ${why}`),
    );
