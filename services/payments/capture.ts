import { paymentCaptured, paymentDeclined, paymentRefunded } from '../../contracts/events/payment';
import { undoEffect } from '../../lib/effects/effects';
import { runAll } from '../../lib/effects/keep';
import { applyOutsideEffect } from '../../lib/effects/outside-effect';
import { fail } from './errors';
import { paymentIdOf } from './domain';
import { decisionOf } from './gateway/decision';
import type { PaymentsOptions } from './options';
import { findPayment, paymentUpdate } from './store';

/** Moving money that is held, and giving it back. */
export function createCapture({ database, gateway, waker, clock }: PaymentsOptions) {
  const db = database.kysely;

  /**
   * Moves the money that is held for an order.
   * @throws `capture-refused`; `step-fenced` when it was refunded before; anything else is worth another try.
   */
  async function capturePayment(key: string, request: { orderId: string }): Promise<void> {
    const { orderId } = request;
    const payment = await findPayment(db, paymentIdOf(orderId));
    if (!payment) throw fail('not-found', `Order ${orderId} has no payment to capture`);
    const { paymentId, amount, authorizationKey } = payment;
    const decision = await applyOutsideEffect(db, key, request, {
      ask: () => decisionOf(gateway, key, () => gateway.capture(key, { amount, authorization: authorizationKey })),
      takeBack: () => gateway.refund(key),
      writes: (answer) => {
        const event =
          answer.outcome === 'approved'
            ? paymentCaptured({ paymentId, orderId, amount })
            : paymentDeclined({ paymentId, orderId, amount, reason: answer.reason });
        return paymentUpdate(payment, event, clock());
      },
    });
    waker.wake();
    if (decision.outcome === 'refused') throw fail('capture-refused', decision.reason);
  }

  /** Gives back the money moved under `key`, or makes sure that it is never moved. */
  async function refundPayment(key: string, { orderId }: { orderId: string }): Promise<void> {
    await gateway.refund(key);
    await undoEffect(db, key, async (trx) => {
      const payment = await findPayment(trx, paymentIdOf(orderId));
      if (payment?.status !== 'captured') return;
      const { paymentId, amount } = payment;
      await runAll(trx, paymentUpdate(payment, paymentRefunded({ paymentId, orderId, amount }), clock()));
    });
    waker.wake();
  }

  return { capturePayment, refundPayment };
}
