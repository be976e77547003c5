import { beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { createTestApp, type TestApp } from '../../tests/support/app';
import { createPaymentRoutes } from './routes';
import type { ListedPayment } from './store';

const payment: ListedPayment = {
  paymentId: randomUUID(),
  orderId: randomUUID(),
  userId: randomUUID(),
  status: 'captured',
  amount: { amount: 2500, currency: 'EUR' },
  captured: 2500,
  refunded: 0,
  authorizationKey: 'order/1/authorize',
};
const path = `/payments?orderId=${payment.orderId}`;
let http: TestApp;

beforeAll(async () => {
  http = await createTestApp(createPaymentRoutes({ paymentsOf: () => Promise.resolve([payment]) }));
});

const asCustomer = async (userId: string) => ({ authorization: `Bearer ${await http.token('customer', userId)}` });

test('the owner and an operator see the payment, without what is internal', async () => {
  const { userId: _user, authorizationKey: _key, ...shown } = payment;
  expect((await http.call('GET', path)).body).toEqual({ items: [shown] });
  const own = await http.call('GET', path, undefined, await asCustomer(payment.userId));
  expect(own.body).toEqual({ items: [shown] });
});

test('a stranger learns nothing', async () => {
  const { status, body } = await http.call('GET', path, undefined, await asCustomer(randomUUID()));
  expect({ status, body }).toEqual({ status: 200, body: { items: [] } });
});

test('without a token, or without an order, it is refused', async () => {
  expect((await http.call('GET', path, undefined, { authorization: '' })).status).toBe(401);
  expect((await http.call('GET', '/payments')).body).toMatchObject({ status: 400, field: 'orderId' });
});
