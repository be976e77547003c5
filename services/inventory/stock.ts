import {
  stockAdjusted,
  stockReleased,
  stockReserved,
  stockReturned,
  stockShipped,
} from '../../contracts/events/inventory';
import type { AdjustStockRequest } from '../../contracts/http/products';
import type { Refusal } from '../../contracts/saga/activities';
import { defineAggregate } from '../../lib/aggregate/aggregate';
import { platformError } from '../../lib/errors/errors';
import type { EventOf } from '../../lib/events/define';
import { StepRefused } from '../../lib/saga/steps';

/** The units of a SKU by state; together they are all units that were ever added. */
export interface Stock {
  sku: string;
  available: number;
  reserved: number;
  shipped: number;
}

export interface Item {
  sku: string;
  quantity: number;
}

/** What happens to units for an order. */
export type OrderedStep = 'reserve' | 'release' | 'ship' | 'return';

export type StockCommand =
  ({ type: 'adjust'; sku: string } & AdjustStockRequest) | ({ type: OrderedStep; orderId: string } & Item);

const events = [stockAdjusted, stockReserved, stockReleased, stockShipped, stockReturned] as const;
export type StockEvent = EventOf<(typeof events)[number]>;

/** The stock of a new product. */
export const emptyStock = (sku: string): Stock => ({ sku, available: 0, reserved: 0, shipped: 0 });

/**
 * @throws `not-found` for an adjustment, `unknown-product` for an order, when there is no such SKU; `conflict` when more
 * units would be taken than are available; `out-of-stock` when fewer are available than ordered.
 */
function decide(command: StockCommand, stock: Stock | undefined): StockEvent[] {
  if (command.type === 'adjust') {
    if (!stock) throw platformError('not-found', `There is no product ${command.sku}`);
    return [adjust(stock, command)];
  }
  if (!stock) throw unknownProduct(command.sku);
  const { sku, orderId, quantity } = command;
  const units = { sku, orderId, quantity };
  switch (command.type) {
    case 'reserve':
      if (!hasFree(stock, quantity)) throw new StepRefused<Refusal>('out-of-stock', shortage(stock, quantity));
      return [stockReserved(units)];
    case 'release':
      return [stockReleased(units)];
    case 'ship':
      return [stockShipped(units)];
    case 'return':
      return [stockReturned(units)];
  }
}

/** Units were added or taken. */
function adjust({ sku, available, reserved }: Stock, { delta, reason }: AdjustStockRequest): StockEvent {
  if (available + delta >= 0) return stockAdjusted({ sku, delta, reason });
  throw platformError(
    'conflict',
    `${sku}: ${-delta} units cannot be taken, only ${available} are available (${reserved} more are reserved)`,
    {
      field: 'delta',
    },
  );
}

/** The stock after one more event. */
export function evolve(before: Stock | undefined, event: StockEvent): Stock {
  const stock = before ?? emptyStock(event.data.sku);
  const { available, reserved, shipped } = stock;
  switch (event.type) {
    case 'stock.adjusted':
      return { ...stock, available: available + event.data.delta };
    case 'stock.reserved':
      return { ...stock, available: available - event.data.quantity, reserved: reserved + event.data.quantity };
    case 'stock.released':
      return { ...stock, available: available + event.data.quantity, reserved: reserved - event.data.quantity };
    case 'stock.shipped':
      return { ...stock, reserved: reserved - event.data.quantity, shipped: shipped + event.data.quantity };
    case 'stock.returned':
      return { ...stock, shipped: shipped - event.data.quantity, available: available + event.data.quantity };
  }
}

export const stock = defineAggregate({ stream: 'stock', events, decide, evolve });

/**
 * Which items of an order to reserve: all, or, if the customer accepts a partial order, those that are available. One
 * decision over several stocks; each of these items is then reserved in its own stock.
 * @throws `unknown-product`, or `out-of-stock` with every item that is short; a partial order needs at least one item.
 */
export function planReservation(
  stocks: ReadonlyMap<string, Stock | undefined>,
  items: readonly Item[],
  ifUnavailable: 'cancel' | 'ship_rest' = 'cancel',
): { held: Item[]; dropped: string[] } {
  const ordered = items.map((item) => ({ item, stock: stocks.get(item.sku) ?? unknown(item.sku) }));
  const isAvailable = ({ item, stock }: (typeof ordered)[number]): boolean => hasFree(stock, item.quantity);
  const short = ordered.filter((one) => !isAvailable(one));
  if (short.length > 0 && (ifUnavailable === 'cancel' || short.length === ordered.length))
    throw new StepRefused<Refusal>(
      'out-of-stock',
      short.map(({ item, stock }) => shortage(stock, item.quantity)).join('; '),
    );
  return { held: ordered.filter(isAvailable).map(({ item }) => item), dropped: short.map(({ item }) => item.sku) };
}

const hasFree = ({ available }: Stock, quantity: number): boolean => available >= quantity;

const shortage = ({ sku, available }: Stock, quantity: number): string =>
  `${sku}: ${quantity} wanted, ${available} available`;

const unknownProduct = (sku: string) => new StepRefused<Refusal>('unknown-product', `There is no product ${sku}`);

function unknown(sku: string): never {
  throw unknownProduct(sku);
}
