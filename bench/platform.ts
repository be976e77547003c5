import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTokens } from '../lib/http/auth';
import type { Stack } from '../infra/local/stack';
import { freePort } from '../infra/local/ports';
import { startProgram, type Program } from './process';

/** Sagaworks under measurement, with what is needed to place orders. */
export interface Platform extends Program {
  url: string;
  token: string;
  /** The body of an order for the sample product, which never runs out. */
  order: string;
}

/** Starts the given roles, and adds a user and a product when the whole platform runs. */
export async function startPlatform(stack: Stack, roles: string[]): Promise<Platform> {
  const port = await freePort();
  const env = { ...stack.env, LOG_LEVEL: 'info' };
  const program = await startProgram(resolve('cli/sagaworks.ts'), ['run', ...roles], env, port);
  const tokens = createTokens({ secret: stack.env['JWT_SECRET'] ?? '' });
  const token = await tokens.sign({ userId: '00000000-0000-7000-8000-000000000000', role: 'operator' });
  const url = `http://127.0.0.1:${port}`;
  return { ...program, url, token, order: '' };
}

/** Creates a user and a product with plenty of stock; gives back the body of an order for them. */
export async function prepareOrder({ url, token }: Platform): Promise<string> {
  const run = Date.now().toString(36);
  const { userId } = await post<{ userId: string }>(url, token, '/users', {
    email: `bench-${run}@example.com`,
    name: 'Bench',
  });
  const product = {
    sku: `BENCH-${run}`,
    name: 'Bench tea',
    price: { amount: 1250, currency: 'EUR' },
    stock: 10_000_000,
  };
  await post(url, token, '/products', product);
  await sleep(500);
  return JSON.stringify({
    userId,
    items: [{ sku: product.sku, quantity: 2 }],
    payment: { token: 'tok_ok' },
    shippingAddress: { name: 'Bench', line1: '1 Loop Street', city: 'Berlin', postalCode: '10115', country: 'DE' },
  });
}

async function post<T>(url: string, token: string, path: string, body: unknown): Promise<T> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`POST ${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}
