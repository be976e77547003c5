import {
  paymentAuthorized,
  paymentCaptured,
  paymentDeclined,
  paymentEvents,
  paymentRefunded,
  paymentVoided,
} from '../../contracts/events/payment';
import type { Money } from '../../contracts/money';
import { defineAggregate } from '../../lib/aggregate/aggregate';
import { platformError } from '../../lib/errors/errors';
import type { EventOf } from '../../lib/events/define';
import { derivedId } from '../../lib/ids/ids';
import type { GatewayResult } from './gateway/gateway';

type PaymentEvent = EventOf<(typeof paymentEvents)[number]>;
/** `declined`: never authorised. A refused capture leaves the payment `authorized` until it is voided. */
export type PaymentStatus = 'authorized' | 'declined' | 'captured' | 'voided' | 'refunded';

/** A payment, folded from its events. */
export interface Payment {
  paymentId: string;
  orderId: string;
  status: PaymentStatus;
  amount: Money;
  /** In minor units of `amount`'s currency, like `refunded`. */
  captured: number;
  refunded: number;
}

/** An order has one payment, whose id is derived from the order's. */
export const paymentIdOf = (orderId: string): string => derivedId(orderId, 'payment');

/** A new payment. Its user, and the key of its authorisation at the gateway, are in no event. */
interface NewPayment {
  paymentId: string;
  orderId: string;
  userId: string;
  amount: Money;
  authorizationKey: string;
}

/** A command that involves the gateway carries its answer. */
export type PaymentCommand =
  | { type: 'authorize'; payment: NewPayment; answer: GatewayResult }
  | { type: 'capture'; answer: GatewayResult }
  | { type: 'void' }
  | { type: 'refund' };

/** @throws `version-conflict` for a second authorisation; `not-found` for a capture without a payment. */
function decide(command: PaymentCommand, payment: Payment | undefined): PaymentEvent[] {
  switch (command.type) {
    case 'authorize': {
      const { paymentId, orderId, amount } = command.payment;
      if (payment) throw platformError('version-conflict', `Payment ${paymentId} exists already`);
      const { answer } = command;
      return answer.outcome === 'approved'
        ? [paymentAuthorized({ paymentId, orderId, amount, flagged: answer.flagged })]
        : [paymentDeclined({ paymentId, orderId, amount, reason: answer.reason })];
    }
    case 'capture': {
      if (!payment) throw platformError('not-found', 'There is no payment to capture');
      const { answer } = command;
      return answer.outcome === 'approved'
        ? [paymentCaptured(factsOf(payment))]
        : [paymentDeclined({ ...factsOf(payment), reason: answer.reason })];
    }
    case 'void':
      return payment?.status === 'authorized' ? [paymentVoided(factsOf(payment))] : [];
    case 'refund':
      return payment?.status === 'captured' ? [paymentRefunded(factsOf(payment))] : [];
  }
}

const factsOf = ({ paymentId, orderId, amount }: Payment) => ({ paymentId, orderId, amount });

function evolve(payment: Payment | undefined, event: PaymentEvent): Payment {
  const { paymentId, orderId, amount } = event.data;
  const now = payment ?? { paymentId, orderId, amount, status: 'declined' as const, captured: 0, refunded: 0 };
  switch (event.type) {
    case 'payment.authorized':
      return { ...now, status: 'authorized' };
    case 'payment.declined':
      return now;
    case 'payment.voided':
      return { ...now, status: 'voided' };
    case 'payment.captured':
      return { ...now, status: 'captured', captured: now.amount.amount };
    case 'payment.refunded':
      return { ...now, status: 'refunded', refunded: now.captured };
  }
}

export const payment = defineAggregate({ stream: 'payment', events: paymentEvents, decide, evolve });
