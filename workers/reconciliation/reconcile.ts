import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { orderWorkflowType, returnWorkflowType, searchAttributes } from '../../contracts/saga/order';
import type { Books } from './books';
import { compareBooks, compareStock, type Drift, type OrderBooks } from './compare';
import { withoutSettled } from './settled-store';
import * as store from './store';

/** What is compared, and how. */
export interface ReconcileOptions {
  databases: Books;
  client: Client;
  /** Orders that changed within this time may still be in progress, and are left out. */
  settleMs?: number;
  /** The delay before differences are checked again: they may have been read in the middle of a step. */
  recheckMs?: number;
}

/** The result of a reconciliation. */
export interface Reconciliation {
  orders: number;
  drift: Drift[];
}

const batchSize = 2_000;

/**
 * Compares orders, payments, the gateway, stock, shipments and open workflows. The databases are read one by one while the
 * system is running, so a difference counts only when it is found twice.
 */
export async function reconcile(options: ReconcileOptions): Promise<Reconciliation> {
  const first = await findDrift(options);
  if (first.drift.length === 0) return first;
  await sleep(options.recheckMs ?? 2_000);
  const keyOf = ({ kind, about }: Drift): string => `${kind} ${about}`;
  const known = new Set(first.drift.map(keyOf));
  const second = await findDrift(options);
  return { orders: second.orders, drift: second.drift.filter((one) => known.has(keyOf(one))) };
}

async function findDrift({ databases, client, settleMs = 60_000 }: ReconcileOptions): Promise<Reconciliation> {
  const sagas = await openSagas(client);
  const drift = compareStock(await store.selectStock(databases.inventory));
  let orders = 0;
  for (let after: string | undefined = store.firstId; after !== undefined;) {
    const batch = await store.selectOrders(databases.orders, after, batchSize, settleMs);
    const upTo: string | undefined = batch.length === batchSize ? batch.at(-1)?.orderId : undefined;
    const books = await booksOf(databases, { after, upTo }, batch);
    for (const one of books) drift.push(...compareBooks({ ...one, saga: sagas.get(one.orderId) ?? 'none' }));
    orders += batch.length;
    after = upTo;
  }
  return { orders, drift: await withoutSettled(databases.orders, drift) };
}

/** The records of a range of orders, unknown orders included, without those that are in progress. */
async function booksOf(
  { payments, shipping, inventory, gateway }: ReconcileOptions['databases'],
  range: store.Range,
  orders: readonly store.ComparedOrder[],
): Promise<OrderBooks[]> {
  const books = new Map<string, OrderBooks>();
  const add = ({ orderId, ...known }: Partial<OrderBooks> & { orderId: string }): void => {
    books.set(orderId, { reserved: 0, saga: 'none', ...books.get(orderId), orderId, ...known });
  };
  for (const { orderId, status, total, cancelling } of orders) add({ orderId, order: { status, total, cancelling } });
  const parts = await Promise.all([
    store.selectPayments(payments, range),
    store.selectShipments(shipping, range),
    store.selectReserved(inventory, range),
    store.selectGateway(gateway, range),
    store.selectCarrier(shipping, range),
  ]);
  for (const part of parts.flat()) add(part);
  const inProgress = new Set(orders.filter(({ settled }) => !settled).map(({ orderId }) => orderId));
  return [...books.values()].filter(({ orderId }) => !inProgress.has(orderId));
}

async function openSagas(client: Client): Promise<Map<string, 'open' | 'waiting'>> {
  const types = [orderWorkflowType, returnWorkflowType].map((type) => `'${type}'`).join(', ');
  const query = `WorkflowType in (${types}) and ExecutionStatus = 'Running'`;
  const sagas = new Map<string, 'open' | 'waiting'>();
  for await (const { workflowId, typedSearchAttributes } of client.workflow.list({ query, pageSize: 1_000 })) {
    const isWaiting = typedSearchAttributes.get(searchAttributes.stuck) !== undefined;
    sagas.set(workflowId.slice(workflowId.indexOf('/') + 1), isWaiting ? 'waiting' : 'open');
  }
  return sagas;
}
