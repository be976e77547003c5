import { setTimeout as sleep } from 'node:timers/promises';
import { orderBody } from '../support/order-body';
import type { Random } from './random';
import type { Ask } from './door-to-api';

/** People who order, and who try again under the same key when there is no answer. */
export interface Customers {
  /** Makes a user and products, and waits until the order service has heard of them: the first orders. */
  open(): Promise<void>;
  /** Places orders at a rate; resolves when the last one is accepted. */
  place(orders: number, perSecond: number): Promise<void>;
  /** Orders that were accepted. */
  accepted(): number;
}

/** Of every product at the beginning. */
export const piecesEach = 1_000_000;
const products = 5;
const usual = [...Array<string>(8).fill('tok_ok'), 'tok_declined', 'tok_flaky'];
const everyKind = ['tok_timeout', 'tok_capture_refused', 'tok_review'];
/** There are few of it: some orders get less than they want, or nothing. */
const rare = { sku: 'RARE', stock: 5 };

/** @param mixed orders of every kind: reviews, refusals at every step, lines that are out of stock. */
export function createCustomers(ask: Ask, random: Random, mixed = false): Customers {
  const skus = Array.from({ length: products }, (_, index) => `TEA-${index + 1}`);
  let accepted = 0;
  let begun = 0;
  let userId = '';

  async function order(): Promise<void> {
    const wanted = {
      userId,
      sku: random.pick(skus),
      quantity: Math.ceil(random.next() * 3),
      token: random.pick(mixed ? [...usual, ...everyKind] : usual),
      ...(mixed && random.next() < 0.05 ? { postalCode: '00000' } : {}),
    };
    const body = mixed ? withSurprise(orderBody(wanted)) : orderBody(wanted);
    // Its number is in its correlation id, by which actors tell orders apart.
    const headers = { 'x-correlation-id': `number-${(begun += 1)}` };
    await ask('/orders', body, (status) => status === 202, { headers });
    accepted += 1;
  }

  /** Now and then a line of which there is too little. */
  function withSurprise(body: ReturnType<typeof orderBody>) {
    if (random.next() > 0.15) return body;
    const ifUnavailable = random.next() < 0.5 ? 'cancel' : 'ship_rest';
    return { ...body, ifUnavailable, items: [...body.items, { sku: rare.sku, quantity: 2 }] };
  }

  return {
    async open() {
      const user = await ask('/users', { email: 'chaos@example.com', name: 'Chaos' }, (status) => status === 201);
      userId = (user.body as { userId: string }).userId;
      const price = { amount: 1_250, currency: 'EUR' };
      const shelf = [...skus.map((sku) => ({ sku, stock: piecesEach })), ...(mixed ? [rare] : [])];
      for (const { sku, stock } of shelf) {
        await ask('/products', { sku, name: 'Tea', price, stock }, (status) => status === 201);
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
