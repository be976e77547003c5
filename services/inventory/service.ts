import type { Kysely } from 'kysely';
import type {
  AddProductRequest,
  AdjustStockRequest,
  ChangeProductRequest,
  ProductListQuery,
} from '../../contracts/http/products';
import { newAggregate } from '../../lib/aggregate/aggregate';
import { stored } from '../../lib/aggregate/loading';
import type { Database } from '../../lib/db/database';
import { inTransaction } from '../../lib/db/writes';
import { platformError } from '../../lib/errors/errors';
import type { IdempotentRequest } from '../../lib/http/idempotency/header';
import { onceForKey } from '../../lib/http/idempotency/once';
import type { CommitNotifier } from '../../lib/eventlog/commit-notifier';
import { createReservations } from './reservations';
import { emptyStock } from './stock';
import { emptyStockInsert, findProduct, isTaken, listProducts, products, stocks, type StockedProduct } from './store';
import type { InventoryTables } from './tables';

export interface InventoryOptions {
  database: Database<InventoryTables>;
  notifier: Pick<CommitNotifier, 'notify'>;
}

export type InventoryService = ReturnType<typeof createInventoryService>;

/** The operations of the inventory service; every change and its events are one transaction. */
export function createInventoryService({ database, notifier }: InventoryOptions) {
  const db = database.kysely;

  /** @throws `not-found` */
  const get = async (sku: string): Promise<StockedProduct> => (await findProduct(db, sku)) ?? unknown(sku);

  /** @throws `conflict` when the SKU is taken, `idempotency-key-reused`. */
  async function add(request: AddProductRequest, idempotency?: IdempotentRequest): Promise<StockedProduct> {
    const added = await onceForKey(db, idempotency, (inside) =>
      inTransaction(inside, async (trx) => {
        await insertProduct(trx, request);
        return (await findProduct(trx, request.sku)) ?? unknown(request.sku);
      }),
    );
    notifier.notify();
    return added;
  }

  async function insertProduct(
    trx: Kysely<InventoryTables>,
    { sku, name, price, stock: units }: AddProductRequest,
  ): Promise<void> {
    const command = { type: 'add' as const, sku, name, price };
    await products
      .handle(trx, sku, command, { from: newAggregate, writes: [emptyStockInsert(sku)] })
      .catch((error: unknown) => refuseTaken(sku, error));
    if (units === 0) return;
    const initial = { type: 'adjust' as const, sku, delta: units, reason: 'initial stock' };
    await stocks.handle(trx, sku, initial, { from: stored({ id: sku, state: emptyStock(sku), version: 0 }) });
  }

  /** A change without a difference makes no event. @throws `not-found` */
  async function change(sku: string, changes: ChangeProductRequest): Promise<StockedProduct> {
    await products.handle(db, sku, { type: 'change', sku, changes });
    notifier.notify();
    return get(sku);
  }

  /** @throws `not-found`, `conflict` when more units would be taken than are available, `idempotency-key-reused`. */
  async function adjustStock(
    sku: string,
    { delta, reason }: AdjustStockRequest,
    idempotency?: IdempotentRequest,
  ): Promise<StockedProduct> {
    const adjusted = await onceForKey(db, idempotency, async (inside) => {
      await stocks.handle(inside, sku, { type: 'adjust', sku, delta, reason });
      return (await findProduct(inside, sku)) ?? unknown(sku);
    });
    notifier.notify();
    return adjusted;
  }

  return {
    add,
    change,
    adjustStock,
    get,
    /** Products by SKU: at most `limit`, plus one when another page follows. */
    list: (query: ProductListQuery): Promise<StockedProduct[]> => listProducts(db, query),
    ...createReservations(db, notifier),
  };
}

function unknown(sku: string): never {
  throw platformError('not-found', `There is no product ${sku}`);
}

function refuseTaken(sku: string, error: unknown): never {
  if (!isTaken(error)) throw error;
  throw platformError('conflict', `Product ${sku} exists already; choose another SKU, or change that product`, {
    field: 'sku',
  });
}
