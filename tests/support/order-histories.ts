import { randomUUID } from 'node:crypto';
import type { NewEvent } from '../../lib/events/define';
import {
  orderAttentionNeeded,
  orderCancellationRequested,
  orderCancelled,
  orderConfirmed,
  orderCreated,
  orderDelivered,
  orderReduced,
  orderReturned,
  orderReturnRequested,
  orderReviewRequested,
  orderShipped,
  totalOf,
  withTotal,
} from '../../contracts/events/order';
import { cancelReasons } from '../../contracts/saga/activities';
import type { EventRow } from '../../lib/eventlog/tables';
import type { Random } from '../chaos/random';

const skus = ['TEA-1', 'TEA-2', 'CUP-1', 'CUP-2', 'POT-1', 'JAM-1', 'MAT-1'];
const currencies = ['EUR', 'EUR', 'USD'];
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const { destination, details } = orderCreated.example;

/** The events of random orders of every kind, from `begin` on, as the order service's log has them. */
export const randomHistories = (random: Random, orders: number, begin: Date): EventRow[] =>
  Array.from({ length: orders }, () => historyOf(random, begin)).flat();

function historyOf(random: Random, begin: Date): EventRow[] {
  const orderId = randomUUID();
  let time = begin.getTime() + Math.floor(random.between(0, 3 * 86_400_000));
  return lifeOf(random, orderId).map(({ type, dataVersion, data }, index) => {
    time += Math.floor(random.between(0, random.pick([50, 5_000, 20 * 3_600_000])));
    return {
      event_id: randomUUID(),
      stream: `order-${orderId}`,
      version: index + 1,
      type,
      data_version: dataVersion,
      data,
      metadata: { correlationId: 'made', traceparent },
      time: new Date(time),
    };
  });
}

/** What may happen to an order, in an order in which it can happen. */
function lifeOf(random: Random, orderId: string): NewEvent[] {
  const maybe = (chance: number, ...events: NewEvent[]) => (random.next() < chance ? events : []);
  const created = createdOf(random, orderId);
  const cancelled = orderCancelled({ orderId, reason: random.pick(cancelReasons) });
  const before = [
    orderCreated(created),
    ...maybe(0.2, ...reducedOf(created)),
    ...maybe(0.2, orderReviewRequested({ orderId, reason: 'total above the threshold' })),
    ...maybe(0.1, orderAttentionNeeded({ orderId, step: 'capturePayment', reason: 'no answer' })),
  ];
  const confirmed = [...before, orderConfirmed({ orderId })];
  const delivered = [...confirmed, orderShipped({ orderId }), orderDelivered({ orderId })];
  return random.pick([
    before,
    [...before, cancelled],
    confirmed,
    [...confirmed, orderCancellationRequested({ orderId }), cancelled],
    delivered,
    [...delivered, orderReturnRequested({ orderId }), orderReturned({ orderId })],
  ]);
}

type Created = typeof orderCreated.example;

function createdOf(random: Random, orderId: string): Created {
  const currency = random.pick(currencies);
  const wanted = new Set(Array.from({ length: Math.floor(random.between(1, 5)) }, () => random.pick(skus)));
  const items = Array.from(wanted, (sku) => {
    const price = { amount: Math.floor(random.between(1, 10_000)), currency };
    return withTotal({ sku, name: sku, quantity: Math.floor(random.between(1, 5)), price });
  });
  const total = totalOf(items);
  return { orderId, userId: randomUUID(), items, total, ifUnavailable: 'ship_rest', destination, details };
}

/** The first line is out of stock, when there is another one. */
function reducedOf({ orderId, items }: Created): NewEvent[] {
  const [first, ...rest] = items;
  return first && rest.length > 0 ? [orderReduced({ orderId, dropped: [first.sku], total: totalOf(rest) })] : [];
}
