import type { EventOf } from '../../lib/events/define';
import type { paymentEvents } from '../../contracts/events/payment';
import type { Money } from '../../contracts/money';
import { derivedId } from '../../lib/ids/derived-id';

export type PaymentEvent = EventOf<(typeof paymentEvents)[number]>;
/** `declined`: the money was never held. A refused capture leaves it `authorized`, until the hold is voided. */
export type PaymentStatus = 'authorized' | 'declined' | 'captured' | 'voided' | 'refunded';

/** A payment as its events tell it. */
export interface Payment {
  paymentId: string;
  orderId: string;
  userId: string;
  status: PaymentStatus;
  amount: Money;
  /** In minor units of `amount`'s currency, like `refunded`. */
  captured: number;
  refunded: number;
  version: number;
  authorizationKey: string;
}

/** An order has one payment, and its id is known before it begins. */
export const paymentIdOf = (orderId: string): string => derivedId(orderId, 'payment');

/** A payment of which nothing has happened yet. */
export type NewPayment = Pick<Payment, 'paymentId' | 'orderId' | 'userId' | 'amount' | 'authorizationKey'>;

/** The payment after its first event. */
export const begin = (payment: NewPayment, event: PaymentEvent): Payment =>
  evolve({ ...payment, status: 'declined', captured: 0, refunded: 0, version: 0 }, event);

/** The payment after one more event. */
export function evolve(payment: Payment, event: PaymentEvent): Payment {
  const next = { ...payment, version: payment.version + 1 };
  switch (event.type) {
    case 'payment.authorized':
      return { ...next, status: 'authorized' };
    case 'payment.declined':
      return next;
    case 'payment.voided':
      return { ...next, status: 'voided' };
    case 'payment.captured':
      return { ...next, status: 'captured', captured: payment.amount.amount };
    case 'payment.refunded':
      return { ...next, status: 'refunded', refunded: payment.captured };
  }
}
