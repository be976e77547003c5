import type { Kysely } from 'kysely';
import { orderEvents } from '../../contracts/events/order';
import { readStream } from '../../lib/eventlog/read';
import type { RecordedEvent } from '../../lib/eventlog/events';
import type { OrderEvent } from './domain';
import type { OrderTables } from './tables';
import { fold, type FoldedOrder } from './view';

/** The stream that holds an order's events. */
export const streamOf = (orderId: string): string => `order-${orderId}`;

const contracts = new Map(orderEvents.map((contract) => [contract.type as string, contract]));

/** A stored event in today's shape, whatever version it was written in. */
function upcast({ type, dataVersion, data, metadata }: RecordedEvent): OrderEvent {
  const contract = contracts.get(type);
  if (!contract) throw new Error(`${type} is in an order's stream but not among the order events`);
  const today = contract.parse(dataVersion, data, metadata.compatibleVersion);
  return { type, dataVersion: contract.version, data: today } as OrderEvent;
}

/** A moment in an order's life: right after an event, or at a time. */
export type Moment = { toVersion: number } | { until: Date };

/** The order as its stream tells it, now or at a moment; undefined when there was no such stream. */
export async function loadOrder(
  db: Kysely<OrderTables>,
  orderId: string,
  moment?: Moment,
): Promise<FoldedOrder | undefined> {
  const recorded = await readStream(db, streamOf(orderId), moment);
  return recorded.reduce<FoldedOrder | undefined>(
    (before, fact) => fold(before, { ...fact, event: upcast(fact) }),
    undefined,
  );
}

/** An event as it was written, and in today's shape. */
export interface AuditedEvent {
  recorded: RecordedEvent;
  today: OrderEvent;
}

/** An event with what it means today. */
export const asAudited = (recorded: RecordedEvent): AuditedEvent => ({ recorded, today: upcast(recorded) });

/** A page of an order's events, by version: at most `limit`, and one more when another page follows. */
export async function loadEvents(
  db: Kysely<OrderTables>,
  orderId: string,
  { cursor, limit }: { cursor: number; limit: number },
): Promise<AuditedEvent[]> {
  const page = await readStream(db, streamOf(orderId), { afterVersion: cursor, limit: limit + 1 });
  return page.map(asAudited);
}
