import type { DeadLettersResponse } from '../../lib/operations/dead-letters/contract';
import type { OutboxResponse } from '../../lib/operations/outbox/contract';
import type { PlacedOrderResponse } from '../../contracts/http/orders';
import { expected, type Api } from '../../infra/local/api';
import { placeSampleOrders } from '../../infra/local/sample-orders';
import { cup, ensureUser, tea } from '../../infra/local/samples';
import { runSql } from '../support/broken-table';
import { eventually } from '../lib-support/eventually';
import type { TestPlatform } from '../support/platform';
import type { Facts } from './dump';

/** What has happened until the dump. */
export type Lived = Pick<Facts, 'userId' | 'answers' | 'orders' | 'failedMessage'>;
type Before = Omit<Lived, 'answers'> & { samples: string[] };

/** Longer than all waits before the last attempt at a message. */
const timeoutMs = 180_000;

/** The sample orders of `npm start`, an order in review, and an order of which a message becomes a dead letter. */
export async function liveThrough(api: Api, databases: Record<string, string>): Promise<Before> {
  const userId = await ensureUser(api, undefined);
  const samples = (await placeSampleOrders(api, userId)).map(({ order }) => order.orderId);

  const repair = await breakBaskets(databases['recommendations']);
  const deadLetter = await place(api, userId, tea.sku, 1);
  await becomes(api, deadLetter, 'confirmed');
  const failedMessage = await eventually(async () => {
    const { items } = expected(await api.get<DeadLettersResponse>('/ops/dead-letters'), 200);
    const [found, ...more] = items;
    if (!found || more.length > 0) throw new Error(`${items.length} dead letters instead of one`);
    return { id: found.id, queue: found.queue };
  }, timeoutMs);
  await repair();

  // 81 × EUR 12.50: from EUR 1,000.00 on a person looks at an order.
  const inReview = await place(api, userId, tea.sku, 81);
  await becomes(api, inReview, 'in_review');
  await allPublished(api);
  return { userId, samples, failedMessage, orders: { confirmed: samples[0] ?? '', inReview, deadLetter, waiting: '' } };
}

/** While no consumer runs: an order, and a change of its user, of which every consumer's queue holds the news. */
export async function leaveWaiting(api: Api, call: TestPlatform['call'], before: Before): Promise<Lived> {
  const { userId, samples, failedMessage } = before;
  await call('PATCH', `/users/${userId}`, { name: 'Ada Renamed' });
  const waiting = await place(api, userId, cup.sku, 1);
  await becomes(api, waiting, 'confirmed');
  await allPublished(api);

  const orders = { ...before.orders, waiting };
  const heard = [...samples, orders.deadLetter, orders.inReview];
  const ofOrder = (orderId: string) => [`/orders/${orderId}`, `/orders/${orderId}/events`];
  const ofOthers = (orderId: string) =>
    ['notifications', 'payments', 'shipments'].map((of) => `/${of}?orderId=${orderId}`);
  const paths = [
    ...[tea.sku, cup.sku].map((sku) => `/products/${sku}`),
    `/users/${userId}`,
    ...[...heard, waiting].flatMap(ofOrder),
    ...heard.flatMap(ofOthers),
  ];
  const answers: Facts['answers'] = {};
  for (const path of paths) answers[path] = expected(await api.get<Record<string, unknown>>(path), 200);
  return { userId, answers, orders, failedMessage };
}

/** A bug in a handler: recommendations can write down no basket until the result is called. */
async function breakBaskets(url: string | undefined): Promise<() => Promise<void>> {
  await runSql(
    url,
    `create function broken() returns trigger language plpgsql as $$ begin raise exception 'broken'; end $$;
     create trigger broken before insert or update on baskets for each row execute function broken()`,
  );
  return async () => {
    await runSql(url, 'drop trigger broken on baskets; drop function broken()');
  };
}

async function place(api: Api, userId: string, sku: string, quantity: number): Promise<string> {
  const address = { name: 'Ada Sample', line1: '1 Saga Street', city: 'Berlin', postalCode: '10115', country: 'DE' };
  const body = { userId, items: [{ sku, quantity }], payment: { token: 'tok_ok' }, shippingAddress: address };
  const headers = { 'idempotency-key': `dump-${sku}-${quantity}-${userId}` };
  return expected(await api.post<PlacedOrderResponse>('/orders', body, headers), 202).orderId;
}

const becomes = (api: Api, orderId: string, wanted: string): Promise<void> =>
  eventually(async () => {
    const { status } = expected(await api.get<{ status: string }>(`/orders/${orderId}`), 200);
    if (status !== wanted) throw new Error(`Order ${orderId} is ${status}, not ${wanted}`);
  }, timeoutMs);

const allPublished = (api: Api): Promise<void> =>
  eventually(async () => {
    const { items } = expected(await api.get<OutboxResponse>('/ops/outbox'), 200);
    if (items.some(({ unpublished }) => unpublished > 0)) throw new Error('Some events are not published');
  }, timeoutMs);
