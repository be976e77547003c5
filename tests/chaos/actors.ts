import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { sign } from '../../lib/http/signature';
import { carrierHeaders } from '../../contracts/http/shipments';
import type { TestBed } from './test-bed';
import type { Ask } from './door-to-api';
import { selectShipments, selectUnfinished, type Unfinished } from './platform-store';
import { createRandom } from './random';

/** Who acts on orders that are placed: customers who change their minds, a carrier, operators. */
export interface Actors {
  /** Resolves when no order is left that needs an action; false when that did not happen in time. */
  finish(withinMs: number): Promise<boolean>;
}

export interface ActorOptions {
  ask: Ask;
  carrierSecret: string;
  seed: number;
}

const lookEveryMs = 300;
/** The longest that an order may wait before it is acted on. */
const latestMs = 4_000;
const accepted = (status: number): boolean => status < 300 || (status >= 400 && status < 500 && status !== 401);

/** What is done with the customers' nth order, when, and whether its carrier reports in the wrong order. */
export function temperOf(seed: number, number: number) {
  const random = createRandom(Math.imul(seed, 1_000_003) + number);
  return { mind: random.next(), moment: random.next(), isMuddled: random.next() < 0.5 };
}

/** Has all actors act until it is over. What is done with an order is the same for the same seed. */
export function startActors(testBed: TestBed, { ask, carrierSecret, seed }: ActorOptions): Actors {
  const over = new AbortController();
  setMaxListeners(0, over.signal); // One for each order that waits for an action.
  const busy = new Map<string, Promise<void>>();
  const returned = new Set<string>();

  const report = (shipmentId: string, status: string): Promise<unknown> => {
    const body = { shipmentId, status };
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const signature = sign(carrierSecret, timestamp, JSON.stringify(body));
    const headers = { [carrierHeaders.timestamp]: timestamp, [carrierHeaders.signature]: signature };
    return ask('/webhooks/carrier', body, accepted, { headers, signal: over.signal });
  };
  const request = (orderId: string, path: string, body: object): Promise<unknown> =>
    ask(`/orders/${orderId}/${path}`, body, accepted, { signal: over.signal });

  /** The carrier reports twice, and often in the wrong order. */
  async function carry(orderId: string, isMuddled: boolean): Promise<void> {
    const [shipment] = await selectShipments(testBed.database('shipping').kysely, orderId);
    if (!shipment) return;
    const reports = ['dispatched', 'delivered', 'delivered', 'dispatched'];
    const order = isMuddled ? reports.reverse() : reports;
    for (const status of order) await report(shipment.shipmentId, status);
  }

  async function act({ orderId, status, number }: Unfinished): Promise<void> {
    const { mind, moment, isMuddled } = temperOf(seed, number);
    await sleep(moment * latestMs, undefined, { signal: over.signal });
    if (status === 'in_review') await request(orderId, 'review', { decision: mind < 0.7 ? 'approve' : 'reject' });
    // Some cancel while the saga is at work, some when it is done; the others are sent.
    else if (mind < 0.25 && status !== 'shipped') await request(orderId, 'cancel', { reason: 'chaos' });
    else if (status === 'confirmed' || status === 'shipped') await carry(orderId, isMuddled);
    else if (status === 'delivered') {
      if (mind > 0.9) await request(orderId, 'return', { reason: 'chaos' });
      returned.add(orderId);
    }
  }

  /** Once a look for each order; what did not help is done again. */
  async function work(): Promise<boolean> {
    const open = await selectUnfinished(testBed.database('orders').kysely).catch(() => undefined); // Struck just now.
    if (!open) return false;
    const todo = open.filter(({ orderId, status }) => status !== 'delivered' || !returned.has(orderId));
    for (const order of todo) {
      if (busy.has(order.orderId)) continue;
      const acting = act(order)
        .catch(() => undefined) // It is over, or a database was away: there is a next look.
        .finally(() => busy.delete(order.orderId));
      busy.set(order.orderId, acting);
    }
    return todo.length === 0 && busy.size === 0;
  }

  let idle = false;
  const working = (async () => {
    while (!over.signal.aborted) {
      idle = await work();
      await sleep(lookEveryMs);
    }
  })();

  return {
    async finish(withinMs) {
      const deadline = Date.now() + withinMs;
      while (!idle && Date.now() < deadline) await sleep(lookEveryMs);
      over.abort();
      await working;
      return idle;
    },
  };
}
