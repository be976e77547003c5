import type { orderEvents } from '../../contracts/events/order';
import type { paymentEvents } from '../../contracts/events/payment';
import type { shipmentEvents } from '../../contracts/events/shipment';
import type { stockReleased, stockReserved, stockReturned, stockShipped } from '../../contracts/events/inventory';
import type { DataOf } from '../../lib/events/define';
import type { RecordedEvent } from '../../lib/eventlog/events';
import { describeMoney } from '../../contracts/saga/format';
import { stepWords } from './step-words';

/** What a line says of an event. */
interface Said {
  text: string;
  why?: string | undefined;
}

type Contract =
  | (typeof orderEvents)[number]
  | (typeof paymentEvents)[number]
  | (typeof shipmentEvents)[number]
  | typeof stockReserved
  | typeof stockReleased
  | typeof stockShipped
  | typeof stockReturned;

type Words = { [C in Contract as C['type']]: (data: DataOf<C>) => Said };

const pieces = ({ quantity, sku }: { quantity: number; sku: string }): string => `${quantity} x ${sku}`;

const words: Words = {
  'order.created': ({ items, total }) => ({
    text: `Ordered ${items.map(pieces).join(', ')} for ${describeMoney(total)}`,
  }),
  'order.reduced': ({ dropped, total }) => ({
    text: `Order reduced to ${describeMoney(total)}`,
    why: `out of stock: ${dropped.join(', ')}`,
  }),
  'order.review_requested': ({ reason }) => ({ text: 'A review was requested', why: reason }),
  'order.confirmed': () => ({ text: 'Order confirmed' }),
  'order.cancellation_requested': ({ reason }) => ({ text: 'The customer asked to cancel the order', why: reason }),
  'order.cancellation_declined': ({ reason }) => ({
    text: 'The cancellation was declined',
    why: reason.replaceAll('-', ' '),
  }),
  'order.cancelled': ({ reason, detail }) => ({
    text: `Order cancelled: ${reason.replaceAll('-', ' ')}`,
    why: detail,
  }),
  'order.shipped': () => ({ text: 'Order shipped' }),
  'order.delivered': () => ({ text: 'Order delivered' }),
  'order.attention_needed': ({ step, reason }) => ({
    text: `An operator is needed: cannot ${stepWords(step)}`,
    why: reason,
  }),
  'order.return_requested': ({ reason }) => ({ text: 'The customer asked to return the order', why: reason }),
  'order.returned': () => ({ text: 'Order returned' }),
  'payment.authorized': ({ amount, flagged }) => ({
    text: `${describeMoney(amount)} authorised${flagged ? ', and flagged for a review' : ''}`,
  }),
  'payment.declined': ({ amount, reason }) => ({ text: `${describeMoney(amount)} declined`, why: reason }),
  'payment.voided': ({ amount }) => ({ text: `Authorisation of ${describeMoney(amount)} voided` }),
  'payment.captured': ({ amount }) => ({ text: `${describeMoney(amount)} captured` }),
  'payment.refunded': ({ amount }) => ({ text: `${describeMoney(amount)} refunded` }),
  'shipment.booked': () => ({ text: 'Carrier booked' }),
  'shipment.cancelled': () => ({ text: 'Carrier cancelled' }),
  'shipment.dispatched': () => ({ text: 'The carrier has collected the parcel' }),
  'shipment.delivered': () => ({ text: 'The carrier has delivered the parcel' }),
  'stock.reserved': (item) => ({ text: `${pieces(item)} reserved` }),
  'stock.released': (item) => ({ text: `${pieces(item)} released` }),
  'stock.shipped': (item) => ({ text: `${pieces(item)} left the warehouse` }),
  'stock.returned': (item) => ({ text: `${pieces(item)} back in stock` }),
};

/** What an event says, in words; an event of a service that was added later says its type. */
export function wordsFor({ type, data }: Pick<RecordedEvent, 'type' | 'data'>): Said {
  // The data has today's version: its reader has upcast it.
  const known = (words as Record<string, ((data: unknown) => Said) | undefined>)[type];
  return known ? known(data) : { text: type.replace(/[._]/g, ' ') };
}
