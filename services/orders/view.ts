import type { RecordedEvent } from '../../lib/eventlog/events';
import { evolve, type Order, type OrderEvent } from './domain';
import { orderList } from './read-models/order-list';
import type { OrderRow } from './tables';

/** An order folded from its stream, with what the stream itself tells: version, times, the way it went. */
export interface FoldedOrder {
  order: Order;
  version: number;
  placedAt: Date;
  updatedAt: Date;
  timeline: { version: number; type: string; time: Date }[];
  /** Its row of the list view. */
  row: OrderRow;
}

type Fact = Pick<RecordedEvent, 'version' | 'type' | 'time'> & { event: OrderEvent };

/** Folds one more fact into what is known of the order. */
export function fold(before: FoldedOrder | undefined, { event, version, type, time }: Fact): FoldedOrder {
  const row = orderList.evolve(before?.row, { ...event, version, time });
  if (!row) throw new Error(`${type} leaves no row for order ${event.data.orderId}`);
  return {
    row,
    order: evolve(before?.order, event),
    version,
    placedAt: before?.placedAt ?? time,
    updatedAt: time,
    timeline: [...(before?.timeline ?? []), { version, type, time }],
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
