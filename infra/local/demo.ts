import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import type { orderResponse, PlacedOrderResponse } from '../../contracts/http/orders';
import { describeItems, describeMoney } from '../../contracts/saga/words';
import { expected, type Answer, type Api } from './api';
import { ensureProducts } from './samples';

type OrderResponse = z.infer<typeof orderResponse>;

/** A sample order at its end. */
export interface SampleOrder {
  /** What it shows. */
  title: string;
  order: OrderResponse;
}

/** How long a sample order may take; the first ones of a new broker and a new Temporal are slow. */
const patienceMs = 60_000;

/** Places the three sample orders over HTTP, and waits until each is confirmed or cancelled. */
export async function placeSampleOrders(api: Api, userId: string): Promise<SampleOrder[]> {
  const { tea, cup } = await ensureProducts(api);
  const samples = [
    { sku: tea.sku, quantity: 2, token: 'tok_ok' },
    { sku: tea.sku, quantity: 1, token: 'tok_declined' },
    { sku: cup.sku, quantity: cup.available + 1, token: 'tok_ok' },
  ];
  return Promise.all(
    samples.map(async ({ sku, quantity, token }) => {
      const placed = await place(api, userId, { sku, quantity }, token);
      const title = `${describeItems(placed)}, ${describeMoney(placed.total)}, paid with ${token}`;
      return { title, order: await settled(api, placed.orderId) };
    }),
  );
}

/** The order service knows a new user and a new product only when it has heard of them: until then it answers 422. */
async function place(
  api: Api,
  userId: string,
  item: { sku: string; quantity: number },
  token: string,
): Promise<PlacedOrderResponse> {
  const address = { name: 'Ada Sample', line1: '1 Saga Street', city: 'Berlin', postalCode: '10115', country: 'DE' };
  const body = { userId, items: [item], payment: { token }, shippingAddress: address };
  const key = { 'idempotency-key': randomUUID() };
  const answer = await until<Answer<PlacedOrderResponse>>(
    () => api.post('/orders', body, key),
    ({ status }) => status !== 422,
  );
  return expected(answer, 202);
}

async function settled(api: Api, orderId: string): Promise<OrderResponse> {
  const answer = await until<Answer<OrderResponse>>(
    () => api.get(`/orders/${orderId}`),
    ({ body }) => body.status !== 'placed',
  );
  return expected(answer, 200);
}

/** Asks again until the answer will do; the last one when patience is over. */
async function until<T>(ask: () => Promise<T>, done: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (done(answer) || Date.now() > deadline) return answer;
    await sleep(50);
  }
}
