import type { z } from 'zod';
import type { orderResponse, PlacedOrderResponse } from '../../contracts/http/orders';
import { describeItems, describeMoney } from '../../contracts/saga/format';
import { expected, type Answer, type Api } from './api';
import { poll } from './poll';
import { cup, ensureProducts, tea } from './samples';

type OrderResponse = z.infer<typeof orderResponse>;

/** A sample order at its end. */
export interface SampleOrder {
  /** What it shows. */
  title: string;
  order: OrderResponse;
  /** Placed now, not by an earlier start. */
  isNew: boolean;
}

interface Item {
  sku: string;
  quantity: number;
}
interface Placing {
  userId: string;
  items: Item[];
  token: string;
  key: string;
}
const one = ({ sku }: { sku: string }): Item => ({ sku, quantity: 1 });
const two = ({ sku }: { sku: string }): Item => ({ sku, quantity: 2 });

/** How long a sample order may take; the first ones of a new broker and a new Temporal are slow. */
const timeoutMs = 60_000;

/**
 * Places the three sample orders over HTTP, and waits until each is confirmed or cancelled. Each has an idempotency key
 * of its own, the same at every start: a user's samples are placed once, and are found afterwards.
 */
export async function placeSampleOrders(api: Api, userId: string): Promise<SampleOrder[]> {
  await ensureProducts(api);
  const samples = [
    { items: [two(tea), one(cup)], token: 'tok_ok' },
    { items: [one(tea)], token: 'tok_declined' },
    { items: [{ sku: cup.sku, quantity: cup.stock + 1 }], token: 'tok_ok' },
  ];
  const began = new Date().toISOString();
  return Promise.all(
    samples.map(async ({ items, token }, index) => {
      const placed = await place(api, { userId, items, token, key: `sample-${index + 1}-${userId}` });
      const title = `${describeItems(placed)}, ${describeMoney(placed.total)}, paid with ${token}`;
      return { title, order: await settled(api, placed.orderId), isNew: placed.placedAt >= began };
    }),
  );
}

/** The order service answers 422 until the events of a new user and a new product have reached it. */
async function place(api: Api, { userId, items, token, key }: Placing): Promise<PlacedOrderResponse> {
  const address = { name: 'Ada Sample', line1: '1 Saga Street', city: 'Berlin', postalCode: '10115', country: 'DE' };
  const body = { userId, items, payment: { token }, shippingAddress: address };
  const answer = await poll<Answer<PlacedOrderResponse>>(
    () => api.post('/orders', body, { 'idempotency-key': key }),
    ({ status }) => status !== 422,
    timeoutMs,
  );
  return expected(answer, 202);
}

async function settled(api: Api, orderId: string): Promise<OrderResponse> {
  const answer = await poll<Answer<OrderResponse>>(
    () => api.get(`/orders/${orderId}`),
    ({ body }) => body.status !== 'placed',
    timeoutMs,
  );
  return expected(answer, 200);
}
