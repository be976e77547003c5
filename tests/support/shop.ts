import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { eventually } from '../lib-support/eventually';
import { orderBody, type Wanted } from './order-body';
import type { Answer, TestPlatform } from './platform';

/** What the end-to-end tests do with a platform, in the words of a shop. */
export interface Shop {
  /** Adds a user; returns their id. */
  user: () => Promise<string>;
  /** Adds a product; returns its SKU. */
  product: (stock: number, price?: { amount: number; currency: string }) => Promise<string>;
  /** Asks for an order; the change goes over the usual body. */
  place: (wanted: Wanted, headers?: Record<string, string>) => Promise<Answer>;
  /** Places an order that must be accepted; returns its id. */
  order: (wanted: Wanted) => Promise<string>;
  /** Waits until the order is confirmed or cancelled. */
  end: (orderId: string) => Promise<Answer['body']>;
  stock: (sku: string) => Promise<{ available: number; reserved: number; shipped: number }>;
}

export function createShop(platform: () => TestPlatform): Shop {
  const created = async (path: string, body: unknown): Promise<Answer['body']> => {
    const answer = await platform().call('POST', path, body);
    expect(answer).toMatchObject({ status: 201 });
    return answer.body;
  };
  const place: Shop['place'] = (wanted, headers = {}) =>
    platform().call('POST', '/orders', orderBody(wanted), { headers });

  return {
    place,
    async user() {
      const { userId } = await created('/users', { email: `${randomUUID()}@example.com`, name: 'Ada' });
      return String(userId);
    },
    async product(stock, price = { amount: 1250, currency: 'EUR' }) {
      const sku = `TEA-${randomUUID()}`;
      await created('/products', { sku, name: 'Green tea', price, stock });
      return sku;
    },
    order: (wanted) =>
      // On a busy machine a new user or product may take longer to arrive than an order waits for it.
      eventually(async () => {
        const answer = await place(wanted);
        expect(answer).toMatchObject({ status: 202, body: { status: 'placed' } });
        return String(answer.body['orderId']);
      }),
    end: (orderId) =>
      eventually(async () => {
        const { body } = await platform().call('GET', `/orders/${orderId}`);
        expect(['confirmed', 'cancelled']).toContain(body['status']);
        return body;
      }, 100_000),
    async stock(sku) {
      const { body } = await platform().call('GET', `/products/${sku}`);
      return body as unknown as Awaited<ReturnType<Shop['stock']>>;
    },
  };
}
