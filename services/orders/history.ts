import type { Kysely } from 'kysely';
import type { RecordedEvent } from '../../lib/eventlog/events';
import { selectStream } from '../../lib/eventlog/store';
import { order, type OrderEvent } from './domain';
import type { OrderTables } from './tables';

/** An event as it was written, and in today's shape. */
export interface HistoryEvent {
  recorded: RecordedEvent;
  today: OrderEvent;
}

export const asHistory = (recorded: RecordedEvent): HistoryEvent => ({ recorded, today: order.upcast(recorded) });

/** A page of an order's events, by version: at most `limit`, plus one when another page follows. */
export async function loadEvents(
  db: Kysely<OrderTables>,
  orderId: string,
  { cursor, limit }: { cursor: number; limit: number },
): Promise<HistoryEvent[]> {
  const page = await selectStream(db, order.streamOf(orderId), { afterVersion: cursor, limit: limit + 1 });
  return page.map(asHistory);
}
