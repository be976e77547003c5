import { z } from 'zod';
import type { HistoryEvent } from './history';
import { platformError } from './errors';
import type { OrdersService } from './service';

export const fourEyesSettings = {
  /** Whether an order that needs a review must be approved by somebody who has not placed it, and is not its customer. */
  FOUR_EYES: z.stringbool().default(false),
};

/** Refuses an approval by this person. @throws `four-eyes` */
export type RefuseApprover = (order: { orderId: string; userId: string }, approver: string) => Promise<void>;

/** Nobody approves an order of their own, nor one that they have placed for somebody else. Rejecting it is no harm. */
export const fourEyes =
  (orders: Pick<OrdersService, 'events'>): RefuseApprover =>
  async ({ orderId, userId }, approver) => {
    const placedBy = placerIn(await orders.events(orderId, { cursor: 0, limit: 1 }));
    if (approver !== userId && approver !== placedBy) return;
    const because = approver === userId ? 'you are its customer' : 'you have placed it';
    throw platformError('four-eyes', `You cannot approve order ${orderId}, because ${because}; ask another operator`);
  };

const placerIn = ([placed]: readonly HistoryEvent[]): string | undefined => placed?.recorded.metadata.actor;
