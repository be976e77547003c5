import type { Kysely } from 'kysely';
import type { Envelope } from '../../lib/aggregate/aggregate';
import { foldStream } from '../../lib/aggregate/loading';
import { order, type Order, type OrderEvent } from './domain';
import type { OrderTables } from './tables';

/** An order with the version, times and timeline of its stream. */
export interface OrderSnapshot {
  order: Order;
  version: number;
  placedAt: Date;
  updatedAt: Date;
  timeline: { version: number; type: string; time: Date }[];
}

/** The snapshot of an order folded from its stream; undefined when there is none. */
export function snapshotOf({ state, version, facts }: Envelope<Order, OrderEvent>): OrderSnapshot | undefined {
  const [first, last] = [facts[0], facts.at(-1)];
  if (!state || !first || !last) return undefined;
  const timeline = facts.map(({ version, type, time }) => ({ version, type, time }));
  return { order: state, version, placedAt: first.time, updatedAt: last.time, timeline };
}

/** A moment in an order's life: right after an event, or at a time. */
export type Moment = { toVersion: number } | { until: Date };

/** The order folded from its stream, now or at a moment; undefined when it did not exist. */
export const loadOrder = async (
  db: Kysely<OrderTables>,
  orderId: string,
  moment?: Moment,
): Promise<OrderSnapshot | undefined> => snapshotOf(await foldStream(order, db, orderId, moment));
