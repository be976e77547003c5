import type { Money } from '../../contracts/money';
import type { Refusal } from '../../contracts/saga/activities';
import { newAggregate } from '../../lib/aggregate/aggregate';
import { stored } from '../../lib/aggregate/loading';
import type { Database } from '../../lib/db/database';
import { undoEffect } from '../../lib/effects/effects';
import { applyExternalEffect } from '../../lib/effects/external-effect';
import { platformError } from '../../lib/errors/errors';
import type { CommitNotifier } from '../../lib/eventlog/commit-notifier';
import { StepRefused } from '../../lib/saga/steps';
import { paymentIdOf } from './domain';
import { decisionOf } from './gateway/decision';
import type { PaymentGateway } from './gateway/gateway';
import { findPayment, payments, paymentsOfOrder, type ListedPayment } from './store';
import type { PaymentTables } from './tables';

export interface PaymentsOptions {
  database: Database<PaymentTables>;
  gateway: PaymentGateway;
  notifier: Pick<CommitNotifier, 'notify'>;
  clock: () => Date;
}

export interface AuthorizationRequest {
  orderId: string;
  userId: string;
  amount: Money;
  token: string;
}

export type PaymentsService = ReturnType<typeof createPaymentsService>;

/**
 * What the payment service can do. Every operation has the effect key of its step and happens once for it; an undo is
 * given the key of what it undoes.
 */
export function createPaymentsService({ database, gateway, notifier, clock }: PaymentsOptions) {
  const db = database.kysely;

  /**
   * Holds the money for an order.
   * @throws `payment-declined`; `step-fenced` when it was voided before; anything else is worth another try.
   */
  async function authorizePayment(
    key: string,
    request: AuthorizationRequest,
  ): Promise<{ paymentId: string; flagged: boolean }> {
    const { orderId, userId, amount, token } = request;
    const paymentId = paymentIdOf(orderId);
    const decision = await applyExternalEffect(db, key, request, {
      execute: () => decisionOf(gateway, key, () => gateway.authorize(key, { amount, token })),
      compensate: () => gateway.void(key),
      record: (answer, effect) => {
        const payment = { paymentId, orderId, userId, amount, authorizationKey: key };
        const command = { type: 'authorize' as const, payment, answer };
        return payments.handle(db, paymentId, command, { from: newAggregate, now: clock(), writes: [effect] });
      },
    });
    notifier.notify();
    if (decision.outcome === 'refused') throw new StepRefused<Refusal>('payment-declined', decision.reason);
    return { paymentId, flagged: decision.flagged };
  }

  /** Lets go of the money held under `key`, or makes sure that it is never held. */
  async function voidPayment(key: string, { orderId }: { orderId: string }): Promise<void> {
    await gateway.void(key);
    await undoEffect(db, key, async (trx) => {
      await payments.handle(trx, paymentIdOf(orderId), { type: 'void' }, { now: clock() });
    });
    notifier.notify();
  }

  /**
   * Moves the money that is held for an order.
   * @throws `capture-refused`; `step-fenced` when it was refunded before; anything else is worth another try.
   */
  async function capturePayment(key: string, request: { orderId: string }): Promise<void> {
    const paymentId = paymentIdOf(request.orderId);
    const payment = await findPayment(db, paymentId);
    if (!payment) throw platformError('not-found', `Order ${request.orderId} has no payment to capture`);
    const { state, authorizationKey: authorization } = payment;
    const decision = await applyExternalEffect(db, key, request, {
      execute: () => decisionOf(gateway, key, () => gateway.capture(key, { amount: state.amount, authorization })),
      compensate: () => gateway.refund(key),
      record: (answer, effect) => {
        const command = { type: 'capture' as const, answer };
        return payments.handle(db, paymentId, command, { from: stored(payment), now: clock(), writes: [effect] });
      },
    });
    notifier.notify();
    if (decision.outcome === 'refused') throw new StepRefused<Refusal>('capture-refused', decision.reason);
  }

  /** Gives back the money moved under `key`, or makes sure that it is never moved. */
  async function refundPayment(key: string, { orderId }: { orderId: string }): Promise<void> {
    await gateway.refund(key);
    await undoEffect(db, key, async (trx) => {
      await payments.handle(trx, paymentIdOf(orderId), { type: 'refund' }, { now: clock() });
    });
    notifier.notify();
  }

  return {
    authorizePayment,
    voidPayment,
    capturePayment,
    refundPayment,
    paymentsOf: (orderId: string): Promise<ListedPayment[]> => paymentsOfOrder(db, orderId),
  };
}
