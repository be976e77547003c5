import type { Language } from './language';

export const en: Language = {
  greeting: (name) => `Hello ${name},`,
  regards: 'Kind regards\nSagaworks',
  letters: {
    confirmed: ({ order, total }) => [
      `Your order ${order} is confirmed`,
      `Thank you for your order ${order} for ${total}. Your payment has been received, and we are packing your order.`,
    ],
    cancelled: ({ order, reason }) => [
      `Your order ${order} has been cancelled`,
      `Your order ${order} has been cancelled ${reason}.`,
      'You will not be charged; any amount already charged will be refunded.',
    ],
    shipped: ({ order }) => [`Your order ${order} is on its way`, `Your order ${order} has shipped.`],
    delivered: ({ order }) => [
      `Your order ${order} has arrived`,
      `Your order ${order} has been delivered. We hope you enjoy it.`,
    ],
    cancellation_declined: ({ order }) => [
      `Your order ${order} could no longer be cancelled`,
      `We could not stop your order ${order} in time: it has already been delivered. You can return it for a full refund.`,
    ],
    review: ({ order, total }) => [
      `We are reviewing your order ${order}`,
      `A member of our team is reviewing your order ${order} for ${total} before we ship it. There is nothing you need to do.`,
    ],
  },
  reasons: {
    'out-of-stock': 'because we do not have enough in stock',
    'unknown-product': 'because one of the items is no longer available',
    'payment-declined': 'because the payment was declined',
    'review-rejected': 'because we are unable to accept it',
    'review-timed-out': 'because we could not review it in time',
    'address-not-serviceable': 'because we cannot deliver to this address',
    'capture-refused': 'because the payment could not be collected',
    'customer-request': 'as you requested',
    'operator-request': 'because we were unable to fulfil it',
    failed: 'because of a problem on our side',
    other: 'because we are unable to fulfil it',
  },
};
