import { sql, type Kysely, type Transaction } from 'kysely';
import type { ProductListQuery } from '../../contracts/http/products';
import { createHandler, type Change } from '../../lib/aggregate/handle';
import { locked, type StoredState } from '../../lib/aggregate/loading';
import { rowInsert, type Write } from '../../lib/db/writes';
import { PlatformError } from '../../lib/errors/errors';
import type { RecordedEvent } from '../../lib/eventlog/events';
import { product, type Product, type ProductCommand } from './product';
import { emptyStock, stock, type Item, type Stock, type StockCommand } from './stock';
import type { InventoryTables } from './tables';

type Db = Kysely<InventoryTables>;
type Trx = Transaction<InventoryTables>;
type ProductRow = InventoryTables['products'];
type StockRow = InventoryTables['stock'];

/** Commands to one product run one after another: each locks its row. */
export const products = createHandler(product, {
  loading: locked(lockProducts),
  rows: (changes) => changes.flatMap(productWrite),
});

/** Commands to stocks run one after another, also those to several at once: each locks the rows of all its stocks. */
export const stocks = createHandler(stock, {
  loading: locked(lockStocks),
  rows: (changes) => [stocksUpdate(changes)],
});

async function lockProducts(trx: Db, skus: readonly string[]): Promise<StoredState<Product>[]> {
  const found = trx.selectFrom('products').selectAll().where('sku', 'in', skus).orderBy('sku').forUpdate();
  return (await found.execute()).map((row) => ({ id: row.sku, state: productOf(row), version: row.version }));
}

/** Always locked in the order of SKUs, so they never deadlock. */
async function lockStocks(trx: Db, skus: readonly string[]): Promise<StoredState<Stock>[]> {
  const found = trx.selectFrom('stock').selectAll().where('sku', 'in', skus).orderBy('sku').forUpdate();
  return (await found.execute()).map(storedStock);
}

const storedStock = ({ version, ...state }: StockRow): StoredState<Stock> => ({ id: state.sku, state, version });

function productWrite({ before, after }: Change<ProductCommand, Product, unknown>): Write[] {
  if (!after.state) return [];
  const row = rowOf(after.state, after.version);
  if (!before.state) return [rowInsert('products', row)];
  const { sku, name, amount, currency, version } = row;
  return [
    sql`update products set name = ${name}, amount = ${amount}, currency = ${currency}, version = ${version}
        where sku = ${sku}`,
  ];
}

/** One statement for any number of stocks. */
function stocksUpdate(changes: readonly Change<StockCommand, Stock, unknown>[]): Write {
  const rows = changes.map(({ after }) => ({ ...after.state, version: after.version }));
  return sql`
    update stock set version = a.version, available = a.available, reserved = a.reserved, shipped = a.shipped
    from json_populate_recordset(null::stock, ${JSON.stringify(rows)}::json) a
    where stock.sku = a.sku`;
}

/** Inserts the stock of a new product, which has no event yet. */
export const emptyStockInsert = (sku: string): Write => rowInsert('stock', { ...emptyStock(sku), version: 0 });

/** Whether an error says that the row or the stream exists already. */
export const isTaken = (error: unknown): boolean =>
  error instanceof PlatformError ? error.code === 'version-conflict' : (error as { code?: string }).code === '23505';

/** Units of a stock that belong to an order. */
export interface Held {
  stock: StoredState<Stock>;
  quantity: number;
}

/** What is reserved for an order, its stocks locked as by `lockStocks`. */
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
  return rows.map(({ quantity, ...row }) => ({ stock: storedStock(row), quantity }));
}

/**
 * What was shipped for an order, its stocks locked as by `lockStocks`. It is read from the log, because a reservation is
 * deleted once it ships; an index on the order keeps that fast.
 */
export async function lockShipped(trx: Trx, orderId: string): Promise<Held[]> {
  const { rows } = await sql<{ sku: string; quantity: number }>`
    select data->>'sku' as sku, (data->>'quantity')::int as quantity from events
    where type = 'stock.shipped' and data->>'orderId' = ${orderId}`.execute(trx);
  const quantities = new Map(rows.map(({ sku, quantity }) => [sku, quantity]));
  if (quantities.size === 0) return [];
  const locked = await lockStocks(trx, [...quantities.keys()]);
  return locked.map((stock) => ({ stock, quantity: quantities.get(stock.id) ?? 0 }));
}

/** Events about one order, at most: four for each of its lines. */
const mostOfOrder = 500;

/** What happened to stock for an order, in the order of the log. It reads two indexes on the order's id. */
export async function selectEventsOfOrder(
  db: Db,
  orderId: string,
): Promise<{ events: RecordedEvent[]; omitted: number }> {
  // Raw SQL: each part must match the condition of its partial index.
  const { rows } = await sql<RecordedEvent>`
    select position, event_id as id, stream, version, type, data_version as "dataVersion", data, metadata, time
    from (
      select * from events
      where type in ('stock.reserved', 'stock.released', 'stock.returned') and data->>'orderId' = ${orderId}
      union all
      select * from events where type = 'stock.shipped' and data->>'orderId' = ${orderId}
    ) of_order order by position limit ${mostOfOrder + 1}`.execute(db);
  return { events: rows.slice(0, mostOfOrder), omitted: Math.max(rows.length - mostOfOrder, 0) };
}

export const reservationInsert = (orderId: string, items: readonly Item[]): Write => {
  const rows = items.map(({ sku, quantity }) => ({ order_id: orderId, sku, quantity }));
  return sql`
    insert into reservations (order_id, sku, quantity)
    select order_id, sku, quantity from json_populate_recordset(null::reservations, ${JSON.stringify(rows)}::json)`;
};

export const reservationDelete = (orderId: string): Write => sql`delete from reservations where order_id = ${orderId}`;

/** A product with its stock, as the API shows it. */
export type StockedProduct = Product & Stock;

export async function findProduct(db: Db, sku: string): Promise<StockedProduct | undefined> {
  const row = await stockedProducts(db).where('products.sku', '=', sku).executeTakeFirst();
  return row && stockedProductOf(row);
}

/** One page, by SKU, plus one product when another page follows. */
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

const stockedProductOf = ({ available, reserved, shipped, ...row }: ProductRow & Stock) => ({
  ...productOf(row),
  available,
  reserved,
  shipped,
});

export const productOf = ({ sku, name, amount, currency }: ProductRow): Product => ({
  sku,
  name,
  price: { amount, currency },
});

export const rowOf = ({ sku, name, price }: Product, version: number): ProductRow => ({ sku, name, ...price, version });
