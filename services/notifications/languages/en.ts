import type { Language } from './language';

export const en: Language = {
  greeting: (name) => `Hello ${name},`,
  regards: 'Kind regards\nSagaworks',
  letters: {
    confirmed: ({ order, total }) => [
      `Your order ${order} is confirmed`,
      `thank you for your order ${order} of ${total}. It is paid, and we are packing it.`,
    ],
    cancelled: ({ order, reason }) => [
      `Your order ${order} is cancelled`,
      `your order ${order} is cancelled: ${reason}.`,
      'You are charged nothing; what was charged is given back.',
    ],
    shipped: ({ order }) => [`Your order ${order} is on its way`, `your order ${order} has left our house.`],
    delivered: ({ order }) => [
      `Your order ${order} has arrived`,
      `your order ${order} was delivered. We hope that you like it.`,
    ],
    cancellation_declined: ({ order }) => [
      `Your order ${order} could no longer be cancelled`,
      `your order ${order} had already been delivered when we tried to stop it. You can return it for a refund.`,
    ],
    review: ({ order, total }) => [
      `We are looking at your order ${order}`,
      `your order ${order} of ${total} is looked at by one of us before we send it. You need not do anything.`,
    ],
  },
  reasons: {
    'out-of-stock': 'we do not have enough pieces any more',
    'unknown-product': 'we do not sell one of the products any more',
    'payment-declined': 'the payment was declined',
    'review-rejected': 'we cannot accept it',
    'review-timed-out': 'we could not look at it in time',
    'address-not-serviceable': 'we cannot deliver to this address',
    'capture-refused': 'the payment could not be collected',
    'customer-request': 'you asked for it',
    'operator-request': 'we had to stop it',
    failed: 'something went wrong on our side',
    other: 'unfortunately we cannot fulfil it',
  },
};
