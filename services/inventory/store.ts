import { sql, type Kysely, type Transaction } from 'kysely';
import type { NewEvent } from '../../lib/events/define';
import type { ProductListQuery } from '../../contracts/http/products';
import type { Write } from '../../lib/db/writes';
import { appendEvents } from '../../lib/eventlog/append';
import { emptyStock, evolveStock, type Held, type Item, type Product, type Stock, type StockChange } from './domain';
import type { InventoryTables } from './tables';

type Db = Kysely<InventoryTables>;
type Trx = Transaction<InventoryTables>;
type ProductRow = InventoryTables['products'];

/** Writes a new product, without a piece of it, and its first event; false when the SKU is taken. */
export async function insertProduct(trx: Trx, product: Product, event: NewEvent): Promise<boolean> {
  const inserted = await trx
    .insertInto('products')
    .values(rowOf(product))
    .onConflict((conflict) => conflict.column('sku').doNothing())
    .returning('sku')
    .executeTakeFirst();
  if (!inserted) return false;
  const { sku } = product;
  await trx.insertInto('stock').values(emptyStock(sku)).execute();
  await appendToProduct(trx, product, event);
  return true;
}

/** Writes what changed of a product. */
export async function updateProduct(trx: Trx, product: Product, event: NewEvent): Promise<void> {
  const { sku, ...changed } = rowOf(product);
  await trx.updateTable('products').set(changed).where('sku', '=', sku).execute();
  await appendToProduct(trx, product, event);
}

const appendToProduct = (trx: Trx, { sku, version }: Product, event: NewEvent): Promise<void> =>
  appendEvents(trx, [{ stream: `product-${sku}`, expectedVersion: version - 1, events: [event] }]);

/** A product that nobody else changes until the transaction ends. */
export async function lockProduct(trx: Trx, sku: string): Promise<Product | undefined> {
  const row = await trx.selectFrom('products').selectAll().where('sku', '=', sku).forUpdate().executeTakeFirst();
  return row && productOf(row);
}

/** Stocks that nobody else changes until the transaction ends; always taken in the order of SKUs, so never a deadlock. */
export const lockStocks = (trx: Trx, skus: readonly string[]): Promise<Stock[]> =>
  trx.selectFrom('stock').selectAll().where('sku', 'in', skus).orderBy('sku').forUpdate().execute();

/** What is held for an order, its stocks locked as `lockStocks` does. */
export async function lockReservation(trx: Trx, orderId: string): Promise<Held[]> {
  const rows = await trx
    .selectFrom('reservations')
    .innerJoin('stock', 'stock.sku', 'reservations.sku')
    .selectAll('stock')
    .select('reservations.quantity')
    .where('order_id', '=', orderId)
    .orderBy('stock.sku')
    .forUpdate()
    .execute();
  return rows.map(({ quantity, ...stock }) => ({ stock, quantity }));
}

/**
 * What was sent for an order, its stocks locked as `lockStocks` does. The log tells it: a reservation is gone once its
 * pieces have left. An index on the order keeps it fast.
 */
export async function lockShipped(trx: Trx, orderId: string): Promise<Held[]> {
  const { rows } = await sql<{ sku: string; quantity: number }>`
    select data->>'sku' as sku, (data->>'quantity')::int as quantity from events
    where type = 'stock.shipped' and data->>'orderId' = ${orderId}`.execute(trx);
  const quantities = new Map(rows.map(({ sku, quantity }) => [sku, quantity]));
  if (quantities.size === 0) return [];
  const stocks = await lockStocks(trx, [...quantities.keys()]);
  return stocks.map((stock) => ({ stock, quantity: quantities.get(stock.sku) ?? 0 }));
}

/** Writes locked stocks after their events, the events, and what else belongs to it: one statement for all. */
export async function changeStocks(
  trx: Trx,
  changes: readonly StockChange[],
  writes: readonly Write[] = [],
): Promise<void> {
  const after = changes.map(({ stock, event }) => evolveStock(stock, event));
  const update = sql`
    update stock set version = a.version, available = a.available, reserved = a.reserved, shipped = a.shipped
    from json_populate_recordset(null::stock, ${JSON.stringify(after)}::json) a
    where stock.sku = a.sku`;
  const appends = changes.map(({ stock: { sku, version }, event }) => ({
    stream: `stock-${sku}`,
    expectedVersion: version,
    events: [event],
  }));
  await appendEvents(trx, appends, { writes: [update, ...writes] });
}

export const reservationInsert = (orderId: string, items: readonly Item[]): Write => {
  const rows = items.map(({ sku, quantity }) => ({ order_id: orderId, sku, quantity }));
  return sql`
    insert into reservations (order_id, sku, quantity)
    select order_id, sku, quantity from json_populate_recordset(null::reservations, ${JSON.stringify(rows)}::json)`;
};

export const reservationDelete = (orderId: string): Write => sql`delete from reservations where order_id = ${orderId}`;

/** A product with its stock, as it is shown. */
export type StockedProduct = Product & Omit<Stock, 'version'>;

export async function findProduct(db: Db, sku: string): Promise<StockedProduct | undefined> {
  const row = await stockedProducts(db).where('products.sku', '=', sku).executeTakeFirst();
  return row && stockedProductOf(row);
}

/** One page, by SKU, and one more when another page follows. */
export async function listProducts(db: Db, { cursor = '', limit }: ProductListQuery): Promise<StockedProduct[]> {
  const rows = await stockedProducts(db)
    .where('products.sku', '>', cursor)
    .orderBy('products.sku')
    .limit(limit + 1)
    .execute();
  return rows.map(stockedProductOf);
}

const stockedProducts = (db: Db) =>
  db
    .selectFrom('products')
    .innerJoin('stock', 'stock.sku', 'products.sku')
    .selectAll('products')
    .select(['available', 'reserved', 'shipped']);

const stockedProductOf = ({ available, reserved, shipped, ...row }: ProductRow & Omit<Stock, 'version'>) => ({
  ...productOf(row),
  available,
  reserved,
  shipped,
});

export const productOf = ({ sku, name, amount, currency, version }: ProductRow): Product => ({
  sku,
  name,
  price: { amount, currency },
  version,
});

export const rowOf = ({ sku, name, price, version }: Product): ProductRow => ({ sku, name, ...price, version });
