import type { Kysely } from 'kysely';
import type { ReviewRequest } from '../../contracts/http/orders';
import { audited } from '../../lib/operations/audit';
import { platformError } from './errors';
import type { OrderSnapshot } from './snapshot';
import type { OrdersService } from './service';
import type { OrderTables } from './tables';

/** Tells an order's saga what a person decided. @throws `order-not-in-review`, `saga-gone`, `unavailable` */
export type DecideReview = (orderId: string, review: ReviewRequest) => Promise<void>;

export interface WishesOptions {
  db: Kysely<OrderTables>;
  orders: Pick<OrdersService, 'change' | 'get'>;
  decideReview: DecideReview;
}

export type Wishes = ReturnType<typeof createWishes>;

/** What people want of an order once it is placed. */
export const createWishes = ({ db, orders, decideReview }: WishesOptions) => ({
  /** From then on the order ends as cancelled, whatever else happens. @throws `order-not-cancellable` */
  cancel: (orderId: string, reason?: string): Promise<OrderSnapshot> =>
    orders.change(orderId, { type: 'request-cancellation', ...because(reason) }),

  /** Money and stock go back. @throws `order-not-returnable` */
  return: (orderId: string, reason?: string): Promise<OrderSnapshot> =>
    orders.change(orderId, { type: 'request-return', ...because(reason) }),

  /**
   * Resolves when the saga has taken the decision; the same one again is fine.
   * @throws `order-not-in-review`; `saga-gone` when its workflow must be restarted first; `unavailable`
   */
  async review(orderId: string, review: ReviewRequest): Promise<void> {
    const { order } = await orders.get(orderId);
    if (order.status !== 'in_review')
      throw platformError('order-not-in-review', `Order ${orderId} is ${order.status}; there is nothing to review`);
    if (order.cancellationRequested)
      throw platformError(
        'order-not-in-review',
        `Order ${orderId} is to be cancelled; there is nothing to review any more`,
      );
    await audited(db, 'order review', orderId, review, () => decideReview(orderId, review));
  },
});

const because = (reason: string | undefined) => (reason === undefined ? {} : { reason });
