import type { orderEvents, OrderLine } from '../../contracts/events/order';
import type { Address } from '../../contracts/address';
import type { EventOf } from '../../lib/events/define';
import type { orderStatuses } from '../../contracts/http/orders';
import type { Money } from '../../contracts/money';

export type OrderStatus = (typeof orderStatuses)[number];
export type OrderEvent = EventOf<(typeof orderEvents)[number]>;

/** An order as its events tell it. */
export interface Order {
  orderId: string;
  userId: string;
  status: OrderStatus;
  items: OrderLine[];
  total: Money;
  shippingAddress: Address;
  ifUnavailable: 'cancel' | 'ship_rest';
  /** The customer wants it cancelled, and has not been told that it is too late. */
  cancellationRequested: boolean;
  cancellationDeclined: boolean;
  returnRequested: boolean;
  /** What its saga last asked an operator about. */
  attention?: { step: string; reason: string };
  reason?: string;
  detail?: string;
}

const statuses: { readonly [Type in OrderEvent['type']]: OrderStatus | undefined } = {
  'order.created': 'placed',
  'order.reduced': undefined,
  'order.review_requested': 'in_review',
  'order.confirmed': 'confirmed',
  'order.cancellation_requested': undefined,
  'order.cancellation_declined': undefined,
  'order.cancelled': 'cancelled',
  'order.shipped': 'shipped',
  'order.delivered': 'delivered',
  'order.attention_needed': undefined,
  'order.return_requested': undefined,
  'order.returned': 'returned',
};

/** The status that an event brings; undefined when it leaves it as it is. */
export const statusAfter = (type: OrderEvent['type']): OrderStatus | undefined => statuses[type];

/** The order after one more event. Pure, so that any point of an order's life can be told again. */
export function evolve(order: Order | undefined, event: OrderEvent): Order {
  if (event.type === 'order.created') {
    const { orderId, userId, items, total, shippingAddress, ifUnavailable } = event.data;
    const facts = { orderId, userId, items, total, shippingAddress, ifUnavailable };
    const wishes = { cancellationRequested: false, cancellationDeclined: false, returnRequested: false };
    return { ...facts, status: 'placed', ...wishes };
  }
  if (!order) throw new Error(`${event.type} of order ${event.data.orderId} comes before its order.created`);
  const after = { ...order, status: statusAfter(event.type) ?? order.status };
  switch (event.type) {
    case 'order.reduced': {
      const { dropped, total } = event.data;
      return { ...after, total, items: order.items.filter(({ sku }) => !dropped.includes(sku)) };
    }
    case 'order.cancellation_requested':
      return { ...after, cancellationRequested: true };
    case 'order.cancellation_declined':
      return { ...after, cancellationRequested: false, cancellationDeclined: true };
    case 'order.cancelled': {
      const { reason, detail } = event.data;
      return { ...after, reason, ...(detail === undefined ? {} : { detail }) };
    }
    case 'order.attention_needed': {
      const { step, reason } = event.data;
      return { ...after, attention: { step, reason } };
    }
    case 'order.return_requested':
      return { ...after, returnRequested: true };
    default:
      return after;
  }
}
