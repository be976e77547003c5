import { expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { openDatabase } from '../../lib/db/database';
import type { Order } from './domain';
import type { OrderTables } from './tables';
import type { OrderSnapshot } from './service';
import { createCustomerRequests } from './customer-requests';

const { kysely: db } = openDatabase<OrderTables>({ url: 'postgres://127.0.0.1:9/nowhere', name: 'test' });

/** Reviews an order in this state. */
function review(state: Partial<Order>): Promise<void> {
  const get = () => Promise.resolve({ order: { cancellationRequested: false, ...state } } as OrderSnapshot);
  const change = () => Promise.reject(new Error('A review changes no order'));
  const decideReview = () => Promise.reject(new Error('The saga was called'));
  const requests = createCustomerRequests({ db, orders: { get, change }, decideReview });
  return requests.review(randomUUID(), { decision: 'approve' }, randomUUID());
}

test.each<Partial<Order>>([
  { status: 'placed' },
  { status: 'cancelled' },
  { status: 'in_review', cancellationRequested: true },
])('an order that is %j is not reviewed, and its saga is not called', async (state) => {
  await expect(review(state)).rejects.toMatchObject({ code: 'order-not-in-review' });
});
