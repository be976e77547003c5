import type { PaymentActivities } from '../contracts/saga/activities';
import type { PaymentsService } from '../services/payments/service';
import { effectKey } from '../contracts/saga/order';

/** The steps that payments carries out. */
export const createPaymentActivities = (payments: Omit<PaymentsService, 'paymentsOf'>): PaymentActivities => ({
  authorizePayment: async (order) => {
    const { orderId, userId, total: amount } = order;
    const { token } = payments.detailsOf(order).payment;
    return payments.authorizePayment(effectKey(orderId, 'authorize'), { orderId, userId, amount, token });
  },
  voidPayment: ({ orderId }) => payments.voidPayment(effectKey(orderId, 'authorize'), { orderId }),
  capturePayment: ({ orderId }) => payments.capturePayment(effectKey(orderId, 'capture'), { orderId }),
  refundPayment: ({ orderId }) => payments.refundPayment(effectKey(orderId, 'capture'), { orderId }),
});
