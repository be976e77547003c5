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
function upcast({ type, dataVersion, data }: RecordedEvent): OrderEvent {
  const contract = contracts.get(type);
  if (!contract) throw new Error(`${type} is in an order's stream but not among the order events`);
  return { type, dataVersion: contract.version, data: contract.parse(dataVersion, data) } as OrderEvent;
}

/** The order as its stream tells it; undefined when there is no such stream. */
export async function loadOrder(db: Kysely<OrderTables>, orderId: string): Promise<FoldedOrder | undefined> {
  const recorded = await readStream(db, streamOf(orderId));
  return recorded.reduce<FoldedOrder | undefined>(
    (before, fact) => fold(before, { ...fact, event: upcast(fact) }),
    undefined,
  );
}
