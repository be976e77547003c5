import { randomUUID } from 'node:crypto';
import { orderBody } from '../support/order-body';
import type { Answer, TestPlatform } from '../support/platform';

/** Whom the requests are about. */
export interface About {
  userId: string;
  sku: string;
  orderId: string;
}
type Request = (platform: TestPlatform, about: About) => Promise<Answer>;

const get =
  (path: (about: About) => string): Request =>
  (platform, about) =>
    platform.call('GET', path(about));

/** A typical request of each service: a change where it takes one. The bridge and the gateway have no HTTP. */
export const requests: Readonly<Record<string, Request>> = {
  users: (platform) => platform.call('POST', '/users', { email: `${randomUUID()}@example.com`, name: 'Ada' }),
  inventory: (platform) =>
    platform.call('POST', '/products', {
      sku: `TEA-${randomUUID()}`,
      name: 'Green tea',
      price: { amount: 1250, currency: 'EUR' },
      stock: 1,
    }),
  orders: (platform, { userId, sku }) => platform.call('POST', '/orders', orderBody({ userId, sku })),
  payments: get(({ orderId }) => `/payments?orderId=${orderId}`),
  shipping: get(({ orderId }) => `/shipments?orderId=${orderId}`),
  notifications: get(({ orderId }) => `/notifications?orderId=${orderId}`),
  analytics: get(() => '/analytics/products'),
  recommendations: get(({ sku }) => `/recommendations/${sku}`),
};

/** An answer in a few words: `503 unavailable`. */
export const describeAnswer = ({ status, body }: Answer): string =>
  status < 400 ? String(status) : `${status} ${String(body['code'])}`;
