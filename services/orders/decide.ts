import type { DataOf } from '../../lib/events/define';
import * as events from '../../contracts/events/order';
import type { CancelReason } from '../../contracts/saga/failures';
import { platformError } from './errors';
import { type Order, type OrderEvent, evolve } from './domain';
import { defineAggregate } from '../../lib/aggregate/aggregate';

/** What people want of an order. */
export type Wish =
  | { type: 'place'; order: DataOf<typeof events.orderCreated> }
  | { type: 'request-cancellation'; reason?: string }
  | { type: 'request-return'; reason?: string };

/** What its saga has to say to it. */
export type SagaCommand =
  | { type: 'reduce'; dropped: string[] }
  | { type: 'request-review'; reason: string }
  | { type: 'confirm' | 'ship' | 'deliver' | 'decline-cancellation' | 'complete-return' }
  | { type: 'cancel'; reason: CancelReason; detail?: string }
  | { type: 'need-attention'; step: string; reason: string };

export type OrderCommand = Wish | SagaCommand;

/**
 * What happens when `command` meets an order in this state; an empty list when it has already happened.
 * @throws `order-not-cancellable`, `order-not-returnable` for wishes that come too late or too early; `step-fenced` when
 * a saga asks for what the order has left behind.
 */
function decide(command: OrderCommand, order: Order | undefined): OrderEvent[] {
  if (command.type === 'place') {
    if (order) throw platformError('version-conflict', `Order ${order.orderId} exists already`);
    return [events.orderCreated(command.order)];
  }
  if (!order) throw platformError('not-found', `There is no such order to ${command.type}`);
  switch (command.type) {
    case 'request-cancellation':
      return requestCancellation(order, command.reason);
    case 'request-return':
      return requestReturn(order, command.reason);
    default:
      return follow(command, order);
  }
}

/** The order service decides alone whether it can still be cancelled: from then on its saga must obey. */
function requestCancellation(order: Order, reason?: string): OrderEvent[] {
  const { orderId, status, cancellationRequested, cancellationDeclined } = order;
  if (status !== 'placed' && status !== 'in_review' && status !== 'confirmed')
    throw platformError('order-not-cancellable', `Order ${orderId} is ${status}; it can no longer be cancelled`);
  if (cancellationDeclined)
    throw platformError(
      'order-not-cancellable',
      `The parcel of order ${orderId} can't be called back; return it instead`,
    );
  return cancellationRequested ? [] : [events.orderCancellationRequested({ orderId, ...because(reason) })];
}

function requestReturn({ orderId, status, returnRequested }: Order, reason?: string): OrderEvent[] {
  if (returnRequested) return [];
  if (status !== 'delivered')
    throw platformError('order-not-returnable', `Order ${orderId} is ${status}; what was delivered can be sent back`);
  return [events.orderReturnRequested({ orderId, ...because(reason) })];
}

const because = (reason: string | undefined) => (reason === undefined ? {} : { reason });

function follow(command: SagaCommand, order: Order): OrderEvent[] {
  const { orderId, status } = order;
  const step = stepOf(command, order);
  if (step === 'done') return [];
  if (step) return [step];
  const wish = order.cancellationRequested && command.type === 'ship' ? ' and is to be cancelled' : '';
  throw platformError('step-fenced', `Order ${orderId} is ${status}${wish}; it can't ${command.type} any more`);
}

/** The event that a saga's command leads to; `done` when it has been before, undefined when it may not be. */
function stepOf(command: SagaCommand, order: Order): OrderEvent | 'done' | undefined {
  const { orderId, status, cancellationRequested, attention } = order;
  const isOpen = status === 'placed' || status === 'in_review';
  switch (command.type) {
    case 'reduce': {
      const event = reduced(order, command.dropped);
      return isOpen || event === 'done' ? event : undefined;
    }
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
      const { reason, detail } = command;
      const isHere = isOpen || status === 'confirmed';
      return isHere ? events.orderCancelled({ orderId, reason, ...(detail ? { detail } : {}) }) : undefined;
    }
    case 'need-attention': {
      const { step, reason } = command;
      const isSame = attention?.step === step && attention.reason === reason;
      return isSame ? 'done' : events.orderAttentionNeeded({ orderId, step, reason });
    }
  }
}

/** What is left when lines are dropped; they are dropped once. */
function reduced({ orderId, items, total }: Order, dropped: string[]): OrderEvent | 'done' {
  const gone = items.filter(({ sku }) => dropped.includes(sku));
  if (gone.length === 0) return 'done';
  const amount = gone.reduce((rest, { lineTotal }) => rest - lineTotal.amount, total.amount);
  return events.orderReduced({ orderId, dropped: gone.map(({ sku }) => sku), total: { ...total, amount } });
}

export const order = defineAggregate({ stream: 'order', events: events.orderEvents, decide, evolve });
