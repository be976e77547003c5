import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { Stack } from '../infra/local/stack';
import { freePort } from '../infra/local/ports';
import { tokenIssuerOf } from '../workers/config/token-issuer';
import { services } from '../workers/modules/discover';
import { startProgram, type Program } from './process';

/**
 * Who takes part in a saga: the services with events of their own, the bridge, and the worker of the workflows. Services
 * that only listen have queues from their first start on, so they are started after what is measured without them.
 */
export const takingPart = [...services.flatMap(({ name, exchange }) => (exchange ? [name] : [])), 'bridge', 'saga'];

/** Sagaworks under measurement, with what is needed to place orders. */
export interface Platform extends Program {
  url: string;
  token: string;
}

/** Counted like any other, but never reached. */
const benchRates = 'read=100000000/10,write=100000000/10,ops=100000000/10';

/** Starts the given roles. */
export async function startPlatform(stack: Stack, roles: string[]): Promise<Platform> {
  const port = await freePort();
  const env = { ...stack.env, LOG_LEVEL: 'info', RATE_LIMITS: benchRates, STREAMS_PER_CALLER: '100000' };
  const program = await startProgram(resolve('cli/sagaworks.ts'), ['run', ...roles], env, port);
  const operator = { userId: '00000000-0000-7000-8000-000000000000', role: 'operator' } as const;
  const token = await tokenIssuerOf(stack.env).sign(operator);
  const url = `http://127.0.0.1:${port}`;
  return { ...program, url, token };
}

/** Creates a user and a product with plenty of stock; returns the body of an order for them. */
export async function prepareOrder(stack: Stack): Promise<string> {
  const platform = await startPlatform(stack, takingPart);
  const { userId } = await post<{ userId: string }>(platform, '/users', { email: 'bench@example.com', name: 'Bench' });
  const product = { sku: 'TEA-1', name: 'Bench tea', price: { amount: 1250, currency: 'EUR' }, stock: 10_000_000 };
  await post(platform, '/products', product);
  const order = {
    userId,
    items: [{ sku: product.sku, quantity: 2 }],
    payment: { token: 'tok_ok' },
    shippingAddress: { name: 'Bench', line1: '1 Loop Street', city: 'Berlin', postalCode: '10115', country: 'DE' },
  };
  // Accepted means that the events of both have reached the order service.
  await post(platform, '/orders', order);
  await platform.stop();
  return JSON.stringify(order);
}

async function post<T>({ url, token }: Platform, path: string, body: unknown): Promise<T> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`POST ${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}
