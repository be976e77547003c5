import {
  orderCancelled,
  orderConfirmed,
  orderCreated,
  type orderEvents,
  type OrderLine,
} from '../../contracts/events/order';
import type { Address } from '../../contracts/address';
import type { DataOf, EventOf } from '../../contracts/events/define';
import type { orderStatuses } from '../../contracts/http/orders';
import type { Money } from '../../contracts/money';
import type { CancelReason } from '../../contracts/saga/failures';
import { fail } from '../../lib/errors/errors';

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
  cancellationRequested: boolean;
  reason?: CancelReason;
  detail?: string;
}

export type OrderCommand =
  | { type: 'place'; order: DataOf<typeof orderCreated> }
  | { type: 'confirm' }
  | { type: 'cancel'; reason: CancelReason; detail?: string };

/**
 * What happens when `command` meets an order in this state; an empty list when it has already happened.
 * @throws `step-fenced` when the order has ended otherwise: the saga that asks is not the one that ended it.
 */
export function decide(command: OrderCommand, order: Order | undefined): OrderEvent[] {
  if (command.type === 'place') {
    if (order) throw fail('version-conflict', `Order ${order.orderId} exists already`);
    return [orderCreated(command.order)];
  }
  if (!order) throw fail('not-found', `There is no such order to ${command.type}`);
  const { orderId } = order;
  switch (command.type) {
    case 'confirm':
      if (order.status === 'cancelled')
        throw fail('step-fenced', `Order ${orderId} was cancelled; it can't be confirmed`);
      return order.status === 'placed' || order.status === 'in_review' ? [orderConfirmed({ orderId })] : [];
    case 'cancel': {
      if (order.status === 'shipped' || order.status === 'delivered')
        throw fail('step-fenced', `Order ${orderId} is ${order.status}; it can't be cancelled`);
      const { reason, detail } = command;
      const cancelled = orderCancelled(detail === undefined ? { orderId, reason } : { orderId, reason, detail });
      return order.status === 'cancelled' ? [] : [cancelled];
    }
  }
}

/** The order after one more event. Pure, so that any point of an order's life can be told again. */
export function evolve(order: Order | undefined, event: OrderEvent): Order {
  if (event.type === 'order.created') {
    const { orderId, userId, items, total, shippingAddress } = event.data;
    return { orderId, userId, status: 'placed', items, total, shippingAddress, cancellationRequested: false };
  }
  if (!order) throw new Error(`${event.type} of order ${event.data.orderId} comes before its order.created`);
  const after = { ...order, status: statusAfter(event.type) ?? order.status };
  switch (event.type) {
    case 'order.cancellation_requested':
      return { ...after, cancellationRequested: true };
    case 'order.cancelled': {
      const { reason, detail } = event.data;
      return { ...after, reason, ...(detail === undefined ? {} : { detail }) };
    }
    default:
      return after;
  }
}

const statuses: { readonly [Type in OrderEvent['type']]: OrderStatus | undefined } = {
  'order.created': 'placed',
  'order.review_requested': 'in_review',
  'order.confirmed': 'confirmed',
  'order.cancellation_requested': undefined,
  'order.cancelled': 'cancelled',
  'order.shipped': 'shipped',
  'order.delivered': 'delivered',
};

/** The status that an event brings; undefined when it leaves it as it is. */
export const statusAfter = (type: OrderEvent['type']): OrderStatus | undefined => statuses[type];
