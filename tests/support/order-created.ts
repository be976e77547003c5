import { randomUUID } from 'node:crypto';
import { orderCreated } from '../../contracts/events/order';
import { toMessage, type OutgoingMessage } from '../../lib/events/envelope';

/** The first event of an order that was never placed, as the relay of orders would publish it. */
export function orderCreatedMessage(orderId: string): OutgoingMessage {
  const event = {
    id: randomUUID(),
    stream: `order-${orderId}`,
    version: 1,
    type: orderCreated.type,
    dataVersion: orderCreated.version,
    data: JSON.stringify({ ...orderCreated.example, orderId }),
    metadata: { correlationId: `correlation of ${orderId}` },
    time: new Date(),
  };
  return toMessage(event, { exchange: 'order-events', source: '/services/orders' });
}
