import { productAdded, stockAdjusted } from '../../contracts/events/inventory';
import type {
  AddProductRequest,
  AdjustStockRequest,
  ChangeProductRequest,
  ProductListQuery,
} from '../../contracts/http/products';
import type { Database } from '../../lib/db/database';
import { fail } from '../../lib/errors/errors';
import type { Waker } from '../../lib/eventlog/wake';
import { applyChange, decideAdjustment, decideChange } from './domain';
import { createReservations } from './reservations';
import {
  changeStocks,
  findProduct,
  insertProduct,
  listProducts,
  lockProduct,
  lockStocks,
  updateProduct,
  type StockedProduct,
} from './store';
import type { InventoryTables } from './tables';

export interface InventoryOptions {
  database: Database<InventoryTables>;
  waker: Pick<Waker, 'wake'>;
}

export type InventoryService = ReturnType<typeof createInventoryService>;

/** What the inventory service can do; every change and its events are one transaction. */
export function createInventoryService({ database, waker }: InventoryOptions) {
  const db = database.kysely;

  /** @throws `not-found` */
  const get = async (sku: string): Promise<StockedProduct> => (await findProduct(db, sku)) ?? unknown(sku);

  /** @throws `conflict` when the SKU is taken. */
  async function add({ sku, name, price, stock }: AddProductRequest): Promise<StockedProduct> {
    await db.transaction().execute(async (trx) => {
      const added = await insertProduct(trx, { sku, name, price, version: 1 }, productAdded({ sku, name, price }));
      if (!added) throw fail('conflict', `There is a product ${sku}`, { field: 'sku' });
      const [empty] = stock === 0 ? [] : await lockStocks(trx, [sku]);
      const event = stockAdjusted({ sku, delta: stock, reason: 'initial stock' });
      if (empty) await changeStocks(trx, [{ stock: empty, event }]);
    });
    waker.wake();
    return get(sku);
  }

  /** A change that changes nothing makes no event. @throws `not-found` */
  async function change(sku: string, wish: ChangeProductRequest): Promise<StockedProduct> {
    await db.transaction().execute(async (trx) => {
      const product = (await lockProduct(trx, sku)) ?? unknown(sku);
      const event = decideChange(product, wish);
      if (!event) return;
      await updateProduct(trx, applyChange(product, event.data), event);
    });
    waker.wake();
    return get(sku);
  }

  /** @throws `not-found`, `conflict` when more pieces would go than are free. */
  async function adjustStock(sku: string, adjustment: AdjustStockRequest): Promise<StockedProduct> {
    await db.transaction().execute(async (trx) => {
      const [stock] = await lockStocks(trx, [sku]);
      if (!stock) return unknown(sku);
      await changeStocks(trx, [{ stock, event: decideAdjustment(stock, adjustment) }]);
    });
    waker.wake();
    return get(sku);
  }

  return {
    add,
    change,
    adjustStock,
    get,
    /** Products by SKU: at most `limit`, and one more when another page follows. */
    list: (query: ProductListQuery): Promise<StockedProduct[]> => listProducts(db, query),
    ...createReservations(db, waker),
  };
}

function unknown(sku: string): never {
  throw fail('not-found', `There is no product ${sku}`);
}
