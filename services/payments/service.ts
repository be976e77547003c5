import type { Money } from '../../contracts/money';
import { detailsOf, type OrderDetails } from '../../contracts/order-details';
import type { PlacedOrder } from '../../contracts/saga/order';
import type { Refusal } from '../../contracts/saga/activities';
import { newAggregate } from '../../lib/aggregate/aggregate';
import { stored } from '../../lib/aggregate/loading';
import type { Database } from '../../lib/db/database';
import { applyExternalEffect, undoEffect } from '../../lib/effects/effects';
import type { Seal } from '../../lib/encryption/sealed';
import { platformError } from '../../lib/errors/errors';
import type { CommitNotifier } from '../../lib/eventlog/commit-notifier';
import { StepRefused, type UndoOutcome } from '../../lib/saga/steps';
import { paymentIdOf } from './domain';
import type { GatewayAnswer, GatewayResult, PaymentGateway } from './gateway/gateway';
import { findPayment, payments, paymentsOfOrder, type ListedPayment } from './store';
import type { PaymentTables } from './tables';

export interface PaymentsOptions {
  database: Database<PaymentTables>;
  gateway: PaymentGateway;
  /** Opens the payment tokens of orders. */
  details: Pick<Seal<OrderDetails>, 'open'>;
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
 * The operations of the payment service. Each has the effect key of its step and happens once for it; an undo takes the
 * key of the step that it undoes.
 */
export function createPaymentsService({ database, gateway, details, notifier, clock }: PaymentsOptions) {
  const db = database.kysely;

  /**
   * Authorises the payment of an order.
   * @throws `payment-declined`; `step-fenced` when it was voided before; anything else can be retried.
   */
  async function authorizePayment(
    key: string,
    request: AuthorizationRequest,
  ): Promise<{ paymentId: string; flagged: boolean }> {
    const { orderId, userId, amount, token } = request;
    const paymentId = paymentIdOf(orderId);
    const result = await applyExternalEffect(db, key, request, {
      execute: () => resultOf(gateway, key, () => gateway.authorize(key, { amount, token })),
      compensate: () => gateway.void(key),
      record: (answer, effect) => {
        const payment = { paymentId, orderId, userId, amount, authorizationKey: key };
        const command = { type: 'authorize' as const, payment, answer };
        return payments.handle(db, paymentId, command, { from: newAggregate, now: clock(), writes: [effect] });
      },
    });
    notifier.notify();
    if (result.outcome === 'refused') throw new StepRefused<Refusal>('payment-declined', result.reason);
    return { paymentId, flagged: result.flagged };
  }

  /** Voids the authorisation with this key, or makes sure that it never happens. */
  async function voidPayment(key: string, { orderId }: { orderId: string }): Promise<UndoOutcome> {
    await gateway.void(key);
    return undo(key, orderId, { type: 'void' });
  }

  /**
   * Captures the authorised payment of an order.
   * @throws `capture-refused`; `step-fenced` when it was refunded before; anything else can be retried.
   */
  async function capturePayment(key: string, request: { orderId: string }): Promise<void> {
    const paymentId = paymentIdOf(request.orderId);
    const payment = await findPayment(db, paymentId);
    if (!payment) throw platformError('not-found', `Order ${request.orderId} has no payment to capture`);
    const { state, authorizationKey: authorization } = payment;
    const result = await applyExternalEffect(db, key, request, {
      execute: () => resultOf(gateway, key, () => gateway.capture(key, { amount: state.amount, authorization })),
      compensate: () => gateway.refund(key),
      record: (answer, effect) => {
        const command = { type: 'capture' as const, answer };
        return payments.handle(db, paymentId, command, { from: stored(payment), now: clock(), writes: [effect] });
      },
    });
    notifier.notify();
    if (result.outcome === 'refused') throw new StepRefused<Refusal>('capture-refused', result.reason);
  }

  /** Refunds the capture with this key, or makes sure that it never happens. */
  async function refundPayment(key: string, { orderId }: { orderId: string }): Promise<UndoOutcome> {
    await gateway.refund(key);
    return undo(key, orderId, { type: 'refund' });
  }

  async function undo(key: string, orderId: string, command: { type: 'void' | 'refund' }): Promise<UndoOutcome> {
    const undone = { void: 'voided', refund: 'refunded' }[command.type];
    const outcome = await undoEffect(db, key, async (trx) => {
      const { state } = await payments.handle(trx, paymentIdOf(orderId), command, { now: clock() });
      return state?.status === undone ? 'undone' : 'nothing-to-undo';
    });
    notifier.notify();
    return outcome;
  }

  return {
    authorizePayment,
    voidPayment,
    capturePayment,
    refundPayment,
    detailsOf: (order: PlacedOrder): OrderDetails => detailsOf(order, details),
    paymentsOf: (orderId: string): Promise<ListedPayment[]> => paymentsOfOrder(db, orderId),
  };
}

/**
 * The result of an operation. When the answer is lost, the gateway is asked for the outcome.
 * @throws `step-fenced` when the operation was undone before; the error of `operation` when the gateway does not know it.
 */
async function resultOf(
  gateway: PaymentGateway,
  key: string,
  operation: () => Promise<GatewayAnswer>,
): Promise<GatewayResult> {
  const answer = await operation().catch(async (lost: unknown) => {
    const found = await gateway.find(key);
    if (!found) throw lost;
    return found;
  });
  if (answer.outcome === 'undone') throw platformError('step-fenced', `The gateway has already undone ${key}`);
  return answer;
}
