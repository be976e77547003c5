import type { PaymentActivities } from '../contracts/saga/activities';
import type { PaymentsService } from '../services/payments/service';
import { effectKey } from '../contracts/saga/order';

/** The steps that payments carries out. */
export const createPaymentActivities = (payments: Omit<PaymentsService, 'paymentsOf'>): PaymentActivities => ({
  authorizePayment: ({ orderId, userId, total, paymentToken }) =>
    payments.authorizePayment(effectKey(orderId, 'authorize'), { orderId, userId, amount: total, token: paymentToken }),
  voidPayment: ({ orderId }) => payments.voidPayment(effectKey(orderId, 'authorize'), { orderId }),
  capturePayment: ({ orderId }) => payments.capturePayment(effectKey(orderId, 'capture'), { orderId }),
  refundPayment: ({ orderId }) => payments.refundPayment(effectKey(orderId, 'capture'), { orderId }),
});
