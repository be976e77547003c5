import type { Kysely } from 'kysely';
import type { RecalledOrder } from '../../contracts/saga/order';
import { toPlacedOrder } from '../../contracts/events/order';
import { foldStream } from '../../lib/aggregate/loading';
import { platformError } from '../../lib/errors/errors';
import { order } from './domain';
import { withoutNote } from './review-decision';
import { findReview } from './store';
import type { OrderTables } from './tables';

/**
 * Reads what a restarted saga must know of an order: what was placed, and what has happened since.
 * @throws `not-found`
 */
export const createRecall =
  (db: Kysely<OrderTables>) =>
  async (orderId: string): Promise<RecalledOrder> => {
    const { state, facts } = await foldStream(order, db, orderId);
    const [first] = facts;
    if (!state || first?.type !== 'order.created') throw platformError('not-found', `There is no order ${orderId}`);
    const { status, cancellationRequested, returnRequested } = state;
    const review = await reviewOf(db, orderId, status);
    return {
      placed: toPlacedOrder(first.data),
      status,
      cancelling: cancellationRequested && status !== 'cancelled',
      returning: returnRequested && status === 'delivered',
      ...(review ? { review } : {}),
    };
  };

/** A confirmed order has passed its review, if it had one. */
async function reviewOf(db: Kysely<OrderTables>, orderId: string, status: string): Promise<RecalledOrder['review']> {
  if (status === 'placed') return undefined;
  if (status !== 'in_review') return { decision: 'approve' };
  const made = await findReview(db, orderId);
  return made && withoutNote(made);
}
