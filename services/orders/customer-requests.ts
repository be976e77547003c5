import type { Kysely } from 'kysely';
import type { ReviewRequest } from '../../contracts/http/orders';
import { audited } from '../../lib/operations/audit';
import { platformError } from './errors';
import type { RefuseApprover } from './four-eyes';
import type { OrderSnapshot, OrdersService } from './service';
import type { OrderTables } from './tables';

/** Sends an operator's decision to the saga of an order. @throws `order-not-in-review`, `saga-gone`, `unavailable` */
export type DecideReview = (orderId: string, review: ReviewRequest) => Promise<void>;

export interface CustomerRequestsOptions {
  db: Kysely<OrderTables>;
  orders: Pick<OrdersService, 'change' | 'get'>;
  decideReview: DecideReview;
  /** Without it, every operator may approve every order. */
  refuseApprover?: RefuseApprover | undefined;
}

export type CustomerRequests = ReturnType<typeof createCustomerRequests>;

/** What customers can request for a placed order, and what operators decide in its review. */
export const createCustomerRequests = ({ db, orders, decideReview, refuseApprover }: CustomerRequestsOptions) => ({
  /** The order is cancelled, unless its parcel is delivered first. @throws `order-not-cancellable` */
  cancel: (orderId: string, reason?: string): Promise<OrderSnapshot> =>
    orders.change(orderId, { type: 'request-cancellation', ...because(reason) }),

  /** The payment is refunded, and the items return to stock. @throws `order-not-returnable` */
  return: (orderId: string, reason?: string): Promise<OrderSnapshot> =>
    orders.change(orderId, { type: 'request-return', ...because(reason) }),

  /**
   * Resolves when the saga has accepted the decision; repeating the same one is harmless.
   * @param by the id of the operator who decides
   * @throws `order-not-in-review`; `four-eyes`; `saga-gone` when its workflow must be restarted first; `unavailable`
   */
  async review(orderId: string, review: ReviewRequest, by: string): Promise<void> {
    const { order } = await orders.get(orderId);
    if (order.status !== 'in_review')
      throw platformError('order-not-in-review', `Order ${orderId} is ${order.status}, not waiting for a review`);
    if (order.cancellationRequested)
      throw platformError('order-not-in-review', `Order ${orderId} is being cancelled; it no longer needs a review`);
    if (review.decision === 'approve') await refuseApprover?.(order, by);
    await audited(db, 'order review', orderId, review, () => decideReview(orderId, review));
  },
});

const because = (reason: string | undefined) => (reason === undefined ? {} : { reason });
