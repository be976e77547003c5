import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Queryable } from '../../lib/db/database';
import { eventsInsert } from '../../lib/eventlog/store';
import type { EventRow } from '../../lib/eventlog/tables';

/** Orders written by one statement. */
const batch = 5_000;

/**
 * Writes orders into a log, eight events for five of them: each is placed, every second confirmed, every tenth
 * cancelled. Their ids and times are the same in each log.
 */
export async function writeOrders(db: Queryable, count: number): Promise<void> {
  for (let first = 1; first <= count; first += batch) {
    const numbers = Array.from({ length: Math.min(batch, count - first + 1) }, (_, index) => first + index);
    await eventsInsert(numbers.flatMap(eventsOf)).execute(db);
  }
  await sql`analyze events`.execute(db);
}

/** The time of the order 0, in milliseconds. */
const epoch = 1_780_000_000_000;

function eventsOf(number: number): EventRow[] {
  const time = (epoch + number).toString(16).padStart(12, '0');
  const low = number.toString(16).padStart(15, '0');
  const orderId = `${time.slice(0, 8)}-${time.slice(8)}-7000-8${low.slice(0, 3)}-${low.slice(3)}`;
  const event = (version: number, type: string, data: Record<string, unknown>): EventRow => ({
    event_id: randomUUID(),
    stream: `order-${orderId}`,
    version,
    type,
    data_version: 1,
    data: { orderId, ...data },
    metadata: { correlationId: 'made' },
    time: new Date(epoch + number),
  });
  const placed = event(1, 'order.created', placedBy(number));
  if (number % 2 === 0) return [placed, event(2, 'order.confirmed', {})];
  if (number % 10 === 1) return [placed, event(2, 'order.cancelled', { reason: 'out-of-stock' })];
  return [placed];
}

/** What is ordered, by one of a thousand users; as the first version of the event said it. */
function placedBy(number: number): Record<string, unknown> {
  const price = { amount: 100 + (number % 900), currency: 'EUR' };
  return {
    userId: `00000000-0000-7000-8000-${String(number % 1_000).padStart(12, '0')}`,
    total: price,
    items: [{ sku: 'TEA-1', name: 'Green tea', quantity: 1, price }],
    payment: { token: 'tok_ok' },
    shippingAddress: { name: 'Ada', line1: '1 Saga Street', city: 'Berlin', postalCode: '10115', country: 'DE' },
  };
}
