import type { Language } from './language';

export const en: Language = {
  greeting: (name) => `Hello ${name},`,
  regards: 'Kind regards,\nThe Sagaworks team',
  emails: {
    confirmed: ({ order, total }) => [
      `Your order ${order} is confirmed`,
      `Thank you for your order ${order} for ${total}. We have received your payment and are getting your order ready to ship.`,
    ],
    cancelled: ({ order, reason }) => [
      `Your order ${order} has been cancelled`,
      `Your order ${order} has been cancelled ${reason}.`,
      'You will not be charged. If you have already paid, we will refund you in full.',
    ],
    shipped: ({ order }) => [
      `Your order ${order} is on its way`,
      `Your order ${order} has been handed to the carrier and is on its way to you.`,
    ],
    delivered: ({ order }) => [
      `Your order ${order} has arrived`,
      `Your order ${order} has been delivered. We hope you enjoy it.`,
    ],
    cancellation_declined: ({ order }) => [
      `Your order ${order} could no longer be cancelled`,
      `Unfortunately, we could not cancel your order ${order}: the parcel has already been delivered. You can return it for a full refund.`,
    ],
    review: ({ order, total }) => [
      `We are reviewing your order ${order}`,
      `A member of our team is reviewing your order ${order} for ${total} before we ship it. There is nothing you need to do: we will e-mail you as soon as the review is complete.`,
    ],
  },
  account: {
    greeting: 'Hello,',
    emails: {
      email_change: (link) => [
        'Confirm your new e-mail address',
        'We received a request to use this e-mail address for a Sagaworks account. Please confirm it by following this link:',
        link,
        'The link works once, within 24 hours. If you did not request this, ignore this e-mail, and nothing will change.',
      ],
      email_change_refused: () => [
        'Someone tried to use your e-mail address',
        'Someone asked to use this e-mail address for another Sagaworks account. It already belongs to your account, so nothing has changed.',
        'If it was you, please use the account that you already have. If not, there is nothing you need to do.',
      ],
    },
  },
  reasons: {
    'out-of-stock': 'because we do not have every item in the quantity you ordered',
    'unknown-product': 'because one of the items is no longer available',
    'payment-declined': 'because your payment was declined',
    'review-rejected': 'because we are unable to accept it',
    'review-timed-out': 'because we could not review it in time',
    'address-not-serviceable': 'because we cannot deliver to the address you gave us',
    'capture-refused': 'because we could not collect your payment',
    'customer-request': 'as you requested',
    'operator-request': 'because we were unable to fulfil it',
    failed: 'because of a technical problem on our side',
    other: 'because we are unable to fulfil it',
  },
};
