import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PlacedOrderResponse } from '../../contracts/http/orders';
import { createApi, expected, type Api } from '../../infra/local/api';
import { poll } from '../../infra/local/poll';
import { ensureProducts, ensureUser, tea } from '../../infra/local/samples';
import type { Project } from './compose';

/** How long an order may take on a machine that has just begun, or that loses its processes. */
const orderMs = 120_000;

/** A customer of the platform in a project. */
export interface Shop {
  userId: string;
  email: string;
  /** Places an order, and repeats a request that failed, as clients do. @returns its id */
  place(): Promise<string>;
  /** Resolves when the order is confirmed. @throws Error when it is cancelled, or not confirmed in time */
  confirmed(orderId: string): Promise<void>;
  /** Resolves when the inbox has an e-mail that names the order. */
  mailed(orderId: string): Promise<void>;
}

/** A user and the sample products, with a token that the image signs. */
export async function openShop({ apiUrl, mailUrl, compose }: Project): Promise<Shop> {
  const token = await compose('exec', '-T', 'api', 'sagaworks', 'token', '--user', randomUUID(), '--role', 'operator');
  const api = createApi(apiUrl, token);
  await ensureProducts(api);
  const userId = await ensureUser(api, undefined);
  const { email } = expected(await api.get<{ email: string }>(`/users/${userId}`), 200);
  return {
    userId,
    email,
    place: () => place(api, userId, randomUUID()),
    confirmed: (orderId) => confirmed(api, orderId),
    mailed: (orderId) => mailed(mailUrl, orderId),
  };
}

async function place(api: Api, userId: string, key: string): Promise<string> {
  const body = {
    userId,
    items: [{ sku: tea.sku, quantity: 1 }],
    payment: { token: 'tok_ok' },
    shippingAddress: { name: 'Ada', line1: '1 Saga Street', city: 'Berlin', postalCode: '10115', country: 'DE' },
  };
  const until = Date.now() + orderMs;
  for (;;) {
    // A connection that breaks says nothing of the order: the key makes the repetition safe.
    const answer = await api
      .post<PlacedOrderResponse>('/orders', body, { 'idempotency-key': key })
      .catch((error: unknown) => ({ status: 0, body: error as PlacedOrderResponse }));
    if (answer.status === 202) return answer.body.orderId;
    const isPassing = [0, 409, 422, 503].includes(answer.status);
    if (!isPassing || Date.now() > until) expected(answer, 202);
    await sleep(250);
  }
}

async function confirmed(api: Api, orderId: string): Promise<void> {
  const { body } = await poll(
    () => api.get<{ status: string }>(`/orders/${orderId}`).catch(() => ({ status: 0, body: { status: 'unknown' } })),
    (answer) => answer.status === 200 && answer.body.status !== 'placed',
    orderMs,
  );
  assert.equal(body.status, 'confirmed', `order ${orderId}`);
}

async function mailed(mailUrl: string, orderId: string): Promise<void> {
  const inbox = async (): Promise<string> => (await fetch(`${mailUrl}/api/email`)).text();
  // E-mails call an order by the end of its id.
  const name = orderId.slice(-8).toUpperCase();
  const text = await poll(inbox, (all) => all.includes(name), orderMs);
  assert.ok(text.includes(name), `no e-mail of order ${orderId}`);
}
