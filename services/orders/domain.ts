import * as events from '../../contracts/events/order';
import type { orderStatuses } from '../../contracts/http/orders';
import type { CancelReason } from '../../contracts/saga/activities';
import { defineAggregate } from '../../lib/aggregate/aggregate';
import type { DataOf, EventOf } from '../../lib/events/define';
import { platformError } from './errors';

export type OrderStatus = (typeof orderStatuses)[number];
export type OrderEvent = EventOf<(typeof events.orderEvents)[number]>;
type Created = DataOf<typeof events.orderCreated>;

/** An order, folded from its events. */
export interface Order extends Created {
  status: OrderStatus;
  /** The customer has asked to cancel it, and has not been refused. */
  cancellationRequested: boolean;
  cancellationDeclined: boolean;
  returnRequested: boolean;
  /** What its saga last asked an operator about. */
  attention?: { step: string; reason: string };
  reason?: string;
  /** More about the reason, for operators. */
  detail?: string;
  /** More about the reason, for the customer. */
  message?: string;
}

/** What a customer may ask for. */
export type CustomerRequest =
  | { type: 'place'; order: Created }
  | { type: 'request-cancellation'; reason?: string }
  | { type: 'request-return'; reason?: string };

/** What the saga of an order reports to it. */
export type SagaCommand =
  | { type: 'reduce'; dropped: string[] }
  | { type: 'request-review'; reason: string }
  | { type: 'confirm' | 'ship' | 'deliver' | 'decline-cancellation' | 'complete-return' }
  | { type: 'cancel'; reason: CancelReason; detail?: string; message?: string }
  | { type: 'need-attention'; step: string; reason: string };

export type OrderCommand = CustomerRequest | SagaCommand;

/**
 * The events that `command` leads to; none when it has been carried out already.
 * @throws `order-not-cancellable`, `order-not-returnable` for a customer's request that comes too late or too early;
 * `step-fenced` for a saga's command that the order has left behind; `not-found` for anything but placing.
 */
function decide(command: OrderCommand, order: Order | undefined): OrderEvent[] {
  if (command.type === 'place') {
    if (order) throw platformError('version-conflict', `Order ${order.orderId} exists already`);
    return [events.orderCreated(command.order)];
  }
  if (!order) throw platformError('not-found', `The order to ${command.type} does not exist`);
  if (command.type === 'request-cancellation') return requestCancellation(order, command.reason);
  if (command.type === 'request-return') return requestReturn(order, command.reason);
  const step = stepOf(command, order);
  if (step) return step === 'done' ? [] : [step];
  const isCancelling = order.cancellationRequested ? ' and is being cancelled' : '';
  throw platformError(
    'step-fenced',
    `Order ${order.orderId} is ${order.status}${isCancelling}: too late to ${command.type} it`,
  );
}

/** The order service alone decides whether an order can still be cancelled; its saga must follow. */
function requestCancellation(order: Order, reason?: string): OrderEvent[] {
  const { orderId, status, cancellationRequested, cancellationDeclined } = order;
  if (status !== 'placed' && status !== 'in_review' && status !== 'confirmed')
    throw platformError('order-not-cancellable', `Order ${orderId} is ${status}; it can no longer be cancelled`);
  if (cancellationDeclined)
    throw platformError(
      'order-not-cancellable',
      `Order ${orderId} has reached its customer already; return it instead`,
    );
  return cancellationRequested ? [] : [events.orderCancellationRequested({ orderId, ...because(reason) })];
}

function requestReturn({ orderId, status, returnRequested }: Order, reason?: string): OrderEvent[] {
  if (returnRequested) return [];
  if (status !== 'delivered')
    throw platformError(
      'order-not-returnable',
      `Order ${orderId} is ${status}; only a delivered order can be returned`,
    );
  return [events.orderReturnRequested({ orderId, ...because(reason) })];
}

const because = (reason: string | undefined) => (reason === undefined ? {} : { reason });

/** The event that a saga's command leads to; `done` when it has happened already, undefined when it may not happen. */
function stepOf(command: SagaCommand, order: Order): OrderEvent | 'done' | undefined {
  const { orderId, status, cancellationRequested, attention } = order;
  const isOpen = status === 'placed' || status === 'in_review';
  switch (command.type) {
    case 'reduce':
      return reduce(order, command.dropped, isOpen);
    case 'request-review':
      if (status === 'in_review') return 'done';
      return isOpen ? events.orderReviewRequested({ orderId, reason: command.reason }) : undefined;
    case 'confirm':
      if (status === 'cancelled') return undefined;
      return isOpen ? events.orderConfirmed({ orderId }) : 'done';
    case 'ship':
      if (status === 'confirmed') return cancellationRequested ? undefined : events.orderShipped({ orderId });
      return isOpen || status === 'cancelled' ? undefined : 'done';
    case 'deliver':
      if (status === 'shipped') return events.orderDelivered({ orderId });
      return status === 'delivered' || status === 'returned' ? 'done' : undefined;
    case 'decline-cancellation':
      if (status === 'cancelled') return undefined;
      return cancellationRequested ? events.orderCancellationDeclined({ orderId, reason: 'parcel-delivered' }) : 'done';
    case 'complete-return':
      if (status === 'returned') return 'done';
      return status === 'delivered' ? events.orderReturned({ orderId }) : undefined;
    case 'cancel': {
      if (status === 'cancelled') return 'done';
      const { type: _, ...why } = command;
      return isOpen || status === 'confirmed' ? events.orderCancelled({ orderId, ...why }) : undefined;
    }
    case 'need-attention': {
      const { step, reason } = command;
      if (attention?.step === step && attention.reason === reason) return 'done';
      return events.orderAttentionNeeded({ orderId, step, reason });
    }
  }
}

/** The order without lines that are out of stock; each is dropped once. */
function reduce({ orderId, items, total }: Order, dropped: string[], isOpen: boolean): OrderEvent | 'done' | undefined {
  const gone = items.filter(({ sku }) => dropped.includes(sku));
  if (gone.length === 0 || !isOpen) return gone.length === 0 ? 'done' : undefined;
  const amount = gone.reduce((rest, { lineTotal }) => rest - lineTotal.amount, total.amount);
  return events.orderReduced({ orderId, dropped: gone.map(({ sku }) => sku), total: { ...total, amount } });
}

const statuses: { readonly [Type in OrderEvent['type']]?: OrderStatus } = {
  'order.created': 'placed',
  'order.review_requested': 'in_review',
  'order.confirmed': 'confirmed',
  'order.cancelled': 'cancelled',
  'order.shipped': 'shipped',
  'order.delivered': 'delivered',
  'order.returned': 'returned',
};

/** The status that an event leads to; undefined when it leaves the status as it is. */
export const statusAfter = (type: OrderEvent['type']): OrderStatus | undefined => statuses[type];

/** The order after one more event. Pure, so any point of an order's life can be reconstructed. */
export function evolve(order: Order | undefined, event: OrderEvent): Order {
  if (event.type === 'order.created') {
    const requests = { cancellationRequested: false, cancellationDeclined: false, returnRequested: false };
    return { ...event.data, status: 'placed', ...requests };
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
      const { reason, detail, message } = event.data;
      return {
        ...after,
        reason,
        ...(detail === undefined ? {} : { detail }),
        ...(message === undefined ? {} : { message }),
      };
    }
    case 'order.attention_needed': {
      const { orderId: _, ...attention } = event.data;
      return { ...after, attention };
    }
    case 'order.return_requested':
      return { ...after, returnRequested: true };
    default:
      return after;
  }
}

export const order = defineAggregate({ stream: 'order', events: events.orderEvents, decide, evolve });
