import type { CustomerOrderEvent } from '../../contracts/http/orders';
import type { OrderDetails } from '../../contracts/order-details';
import type { Seal } from '../../lib/encryption/sealed';
import type { OrderEvent } from './domain';
import type { HistoryEvent } from './history';
import { toResponse } from './responses';
import type { OrderSnapshot } from './service';

type Told = CustomerOrderEvent['data'];

/** The reasons whose detail names only the customer's own items. */
const toldInDetail: readonly string[] = ['out-of-stock', 'unknown-product'];

/** What a customer is told of a cancellation besides its reason; what operators noted for themselves is not. */
function messageOf(why: { [Part in 'reason' | 'detail' | 'message']?: string | undefined }): { message?: string } {
  const { reason = '', detail, message } = why;
  const told = message ?? (toldInDetail.includes(reason) ? detail : undefined);
  return told === undefined ? {} : { message: told };
}

/** An order as `GET /orders/:id` shows it to its customer. */
export function orderForCustomer(snapshot: OrderSnapshot, seal: Pick<Seal<OrderDetails>, 'open'>) {
  const { detail: _, message: __, timeline, ...shown } = toResponse(snapshot, seal);
  return { ...shown, ...messageOf(snapshot.order), timeline: timeline.filter(({ type }) => isTold(type)) };
}

/** Of these events, a customer learns nothing. */
const isTold = (type: string): boolean => type !== 'order.attention_needed';

/**
 * A line of `GET /orders/:id/events` for its customer: what happened in their terms. It is put together field by field, so
 * a field that an event gets later stays internal until it is added here. Undefined for what concerns only operators.
 * @param userId of the customer
 */
export function lineForCustomer({ recorded, today }: HistoryEvent, userId: string): CustomerOrderEvent | undefined {
  const { version, time, metadata } = recorded;
  const data = dataFor(today, metadata.actor === userId);
  return data && { version, type: today.type, time: time.toISOString(), data };
}

/** @param isOwn whether the customer's own request led to the event: an operator's reason is for operators. */
function dataFor(event: OrderEvent, isOwn: boolean): Told | undefined {
  switch (event.type) {
    case 'order.created': {
      const { items, total, destination, ifUnavailable } = event.data;
      return { items, total, destination, ifUnavailable };
    }
    case 'order.reduced':
      return { dropped: event.data.dropped, total: event.data.total };
    case 'order.cancellation_requested':
    case 'order.return_requested':
      return isOwn && event.data.reason !== undefined ? { reason: event.data.reason } : {};
    case 'order.cancellation_declined':
      return { reason: event.data.reason };
    case 'order.cancelled':
      return { reason: event.data.reason, ...messageOf(event.data) };
    case 'order.review_requested':
    case 'order.confirmed':
    case 'order.shipped':
    case 'order.delivered':
    case 'order.returned':
      return {};
    case 'order.attention_needed':
      return undefined;
  }
}
