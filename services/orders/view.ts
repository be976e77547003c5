import type { RecordedEvent } from '../../lib/eventlog/events';
import { evolve, type Order, type OrderEvent } from './domain';
import type { OrderRow } from './tables';

/** An order folded from its stream, with what the stream itself tells: version, times, the way it went. */
export interface FoldedOrder {
  order: Order;
  version: number;
  placedAt: Date;
  updatedAt: Date;
  timeline: { version: number; type: string; time: Date }[];
}

type Fact = Pick<RecordedEvent, 'version' | 'type' | 'time'> & { event: OrderEvent };

/** Folds one more fact into what is known of the order. */
export function fold(before: FoldedOrder | undefined, { event, version, type, time }: Fact): FoldedOrder {
  return {
    order: evolve(before?.order, event),
    version,
    placedAt: before?.placedAt ?? time,
    updatedAt: time,
    timeline: [...(before?.timeline ?? []), { version, type, time }],
  };
}

/** The row of the list view that belongs to a folded order. */
export function rowOf({ order, version, placedAt, updatedAt }: FoldedOrder): OrderRow {
  return {
    order_id: order.orderId,
    user_id: order.userId,
    status: order.status,
    version,
    total_amount: order.total.amount,
    currency: order.total.currency,
    reason: order.reason ?? null,
    placed_at: placedAt,
    updated_at: updatedAt,
  };
}

/** The order after events that are just being appended, all at one time. */
export function foldNew(
  before: FoldedOrder | undefined,
  { expectedVersion, events }: { expectedVersion: number; events: readonly OrderEvent[] },
  time: Date,
): FoldedOrder {
  const after = events.reduce<FoldedOrder | undefined>(
    (folded, event, index) => fold(folded, { event, version: expectedVersion + index + 1, type: event.type, time }),
    before,
  );
  if (!after) throw new Error('An append without events leaves nothing to fold');
  return after;
}
