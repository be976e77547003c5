import { paymentAuthorized, paymentDeclined, paymentVoided } from '../../contracts/events/payment';
import type { Money } from '../../contracts/money';
import { undoEffect } from '../../lib/effects/effects';
import { runAll } from '../../lib/effects/keep';
import { applyOutsideEffect } from '../../lib/effects/outside-effect';
import { fail } from './errors';
import { paymentIdOf } from './domain';
import { decisionOf } from './gateway/decision';
import type { PaymentsOptions } from './options';
import { findPayment, paymentInsert, paymentUpdate } from './store';

/** Holding money, and letting go of it. */
export function createAuthorization({ database, gateway, waker, clock }: PaymentsOptions) {
  const db = database.kysely;

  /**
   * Holds the money for an order.
   * @throws `payment-declined`; `step-fenced` when it was voided before; anything else is worth another try.
   */
  async function authorizePayment(
    key: string,
    request: { orderId: string; userId: string; amount: Money; token: string },
  ): Promise<{ paymentId: string; flagged: boolean }> {
    const { orderId, userId, amount, token } = request;
    const paymentId = paymentIdOf(orderId);
    const decision = await applyOutsideEffect(db, key, request, {
      ask: () => decisionOf(gateway, key, () => gateway.authorize(key, { amount, token })),
      takeBack: () => gateway.void(key),
      writes: (answer) => {
        const event =
          answer.outcome === 'approved'
            ? paymentAuthorized({ paymentId, orderId, amount, flagged: answer.flagged })
            : paymentDeclined({ paymentId, orderId, amount, reason: answer.reason });
        return paymentInsert({ paymentId, orderId, userId, amount, authorizationKey: key }, event, clock());
      },
    });
    waker.wake();
    if (decision.outcome === 'refused') throw fail('payment-declined', decision.reason);
    return { paymentId, flagged: decision.flagged };
  }

  /** Lets go of the money held under `key`, or makes sure that it is never held. */
  async function voidPayment(key: string, { orderId }: { orderId: string }): Promise<void> {
    await gateway.void(key);
    await undoEffect(db, key, async (trx) => {
      const payment = await findPayment(trx, paymentIdOf(orderId));
      if (payment?.status !== 'authorized') return;
      const { paymentId, amount } = payment;
      await runAll(trx, paymentUpdate(payment, paymentVoided({ paymentId, orderId, amount }), clock()));
    });
    waker.wake();
  }

  return { authorizePayment, voidPayment };
}
