import type { Kysely } from 'kysely';
import type { RecordedEvent } from '../../lib/eventlog/events';
import { selectStream } from '../../lib/eventlog/store';
import { order } from './decide';
import type { OrderEvent } from './domain';
import type { OrderTables } from './tables';

/** An event as it was written, and in today's shape. */
export interface AuditedEvent {
  recorded: RecordedEvent;
  today: OrderEvent;
}

/** An event with what it means today. */
export const asAudited = (recorded: RecordedEvent): AuditedEvent => ({ recorded, today: order.upcast(recorded) });

/** A page of an order's events, by version: at most `limit`, and one more when another page follows. */
export async function loadEvents(
  db: Kysely<OrderTables>,
  orderId: string,
  { cursor, limit }: { cursor: number; limit: number },
): Promise<AuditedEvent[]> {
  const page = await selectStream(db, order.streamOf(orderId), { afterVersion: cursor, limit: limit + 1 });
  return page.map(asAudited);
}
