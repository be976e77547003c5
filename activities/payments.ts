import type { PaymentActivities } from '../contracts/saga/activities';
import type { PaymentsService } from '../services/payments/service';
import { effectKey } from './effect-key';

/** The steps that payments carries out. */
export const createPaymentActivities = (payments: Omit<PaymentsService, 'paymentsOf'>): PaymentActivities => ({
  authorizePayment: ({ orderId, userId, total, paymentToken }) =>
    payments.authorizePayment(effectKey('authorize'), { orderId, userId, amount: total, token: paymentToken }),
  voidPayment: ({ orderId }) => payments.voidPayment(effectKey('authorize'), { orderId }),
  capturePayment: ({ orderId }) => payments.capturePayment(effectKey('capture'), { orderId }),
  refundPayment: ({ orderId }) => payments.refundPayment(effectKey('capture'), { orderId }),
});
