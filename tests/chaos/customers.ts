import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTokens } from '../../lib/http/tokens';
import { orderBody } from '../support/order-body';
import type { Random } from './random';
import type { Supervised } from './supervisor';

/** People who order, and who try again under the same key when there is no answer. */
export interface Customers {
  /** Makes a user and products, and waits until the order service has heard of them: the first orders. */
  open(): Promise<void>;
  /** Places so many orders, so many a second; resolves when the last one is accepted. */
  place(orders: number, perSecond: number): Promise<void>;
  /** Orders that were accepted. */
  accepted(): number;
}

/** Of every product at the beginning. */
export const piecesEach = 1_000_000;
const products = 5;
const tokens = [...Array<string>(8).fill('tok_ok'), 'tok_declined', 'tok_flaky'];

export function createCustomers(api: Supervised, jwtSecret: string, random: Random): Customers {
  const skus = Array.from({ length: products }, (_, index) => `TEA-${index + 1}`);
  let accepted = 0;
  let userId = '';

  /** Asks until there is an answer that is meant. */
  async function ask(path: string, body: unknown, isMeant: (status: number) => boolean): Promise<unknown> {
    const token = await createTokens({ secret: jwtSecret }).sign({ userId: randomUUID(), role: 'operator' });
    const request = {
      method: 'POST',
      body: JSON.stringify(body),
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
      },
    };
    for (;;) {
      const port = api.port();
      const url = `http://127.0.0.1:${port ?? 0}${path}`;
      const answer =
        port && (await fetch(url, { ...request, signal: AbortSignal.timeout(10_000) }).catch(() => undefined));
      if (answer && isMeant(answer.status)) return answer.json();
      await sleep(100); // Down, or just coming up.
    }
  }

  async function order(): Promise<void> {
    const wanted = {
      userId,
      sku: random.pick(skus),
      quantity: Math.ceil(random.next() * 3),
      token: random.pick(tokens),
    };
    await ask('/orders', orderBody(wanted), (status) => status === 202);
    accepted += 1;
  }

  return {
    async open() {
      const user = await ask('/users', { email: 'chaos@example.com', name: 'Chaos' }, (status) => status === 201);
      userId = (user as { userId: string }).userId;
      for (const sku of skus) {
        const price = { amount: 1_250, currency: 'EUR' };
        await ask('/products', { sku, name: 'Tea', price, stock: piecesEach }, (status) => status === 201);
      }
      await order();
    },
    async place(orders, perSecond) {
      const begin = Date.now();
      const placing: Promise<void>[] = [];
      for (let index = 0; index < orders; index += 1) {
        await sleep(Math.max(0, begin + (index * 1_000) / perSecond - Date.now()));
        placing.push(order());
      }
      await Promise.all(placing);
    },
    accepted: () => accepted,
  };
}
