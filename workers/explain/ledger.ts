import type { Ledger } from '../../contracts/http/explanation';
import type { inventoryEvents } from '../../contracts/events/inventory';
import type { paymentEvents } from '../../contracts/events/payment';
import { describeMoney } from '../../contracts/saga/format';
import type { DataOf } from '../../lib/events/define';
import type { RecordedEvent } from '../../lib/eventlog/events';
import type { Order } from '../../services/orders/domain';

type MoneyLine = Ledger['money'][number];
type StockLine = Ledger['stock'][number];

/** What the gateway says that it has taken of the customer's money; undefined when it could not be asked. */
export type GatewayBalance = number | undefined;

/**
 * The money and the pieces of an order, as an account: what came to be held or taken, and what became of it.
 * @param unasked whose records are missing: without them nothing can be said to be closed
 */
export function ledgerOf(
  events: readonly RecordedEvent[],
  order: Pick<Order, 'status' | 'items' | 'total'> | undefined,
  { gateway, unasked = [] }: { gateway?: GatewayBalance; unasked?: readonly string[] } = {},
): Ledger {
  const money = events.flatMap(moneyLines);
  const balance = money.reduce((sum, { amount }) => sum + amount, 0);
  const stock = stockLines(events);
  const currency = order?.total.currency ?? currencyIn(events);
  const open = [
    ...(unasked.length > 0 ? [`${unasked.join(', ')} could not be asked`] : []),
    ...openMoney(balance, takenOf(events), order, gateway, currency),
    ...stock.flatMap((line) => openStock(line, order)),
  ];
  return {
    ...(currency === undefined ? {} : { currency }),
    money,
    balance,
    stock,
    closed: open.length === 0,
    ...(open.length === 0 ? {} : { open: open.join('; ') }),
  };
}

type PaymentData = DataOf<(typeof paymentEvents)[number]>;
const paymentIn = ({ data }: RecordedEvent): PaymentData => data as PaymentData;

/** A capture uses up the authorisation: both are lines, so that the amounts add up to what is held or taken. */
function moneyLines(event: RecordedEvent): MoneyLine[] {
  const at = event.time.toISOString();
  const amount = event.type.startsWith('payment.') ? paymentIn(event).amount.amount : 0;
  switch (event.type) {
    case 'payment.authorized':
      return [{ text: 'Authorised', amount, at }];
    case 'payment.voided':
      return [{ text: 'Authorisation voided', amount: -amount, at }];
    case 'payment.captured':
      return [
        { text: 'Authorisation used', amount: -amount, at },
        { text: 'Captured', amount, at },
      ];
    case 'payment.refunded':
      return [{ text: 'Refunded', amount: -amount, at }];
    default:
      return [];
  }
}

const currencyIn = (events: readonly RecordedEvent[]): string | undefined =>
  events.filter(({ type }) => type.startsWith('payment.')).map((event) => paymentIn(event).amount.currency)[0];

/** What was captured and not refunded. */
const takenOf = (events: readonly RecordedEvent[]): number =>
  events.reduce((taken, event) => {
    if (event.type === 'payment.captured') return taken + paymentIn(event).amount.amount;
    return event.type === 'payment.refunded' ? taken - paymentIn(event).amount.amount : taken;
  }, 0);

const moves = {
  'stock.reserved': 'reserved',
  'stock.released': 'released',
  'stock.shipped': 'shipped',
  'stock.returned': 'returned',
} as const;

type Moved = Extract<(typeof inventoryEvents)[number], { type: keyof typeof moves }>;

function stockLines(events: readonly RecordedEvent[]): StockLine[] {
  const lines = new Map<string, StockLine>();
  for (const { type, data } of events) {
    if (!(type in moves)) continue;
    const { sku, quantity } = data as DataOf<Moved>;
    const line = lines.get(sku) ?? { sku, reserved: 0, released: 0, shipped: 0, returned: 0 };
    lines.set(sku, line);
    line[moves[type as keyof typeof moves]] += quantity;
  }
  return [...lines.values()].sort((a, b) => (a.sku < b.sku ? -1 : 1));
}

/** The statuses in which nothing more happens to an order. */
const isEnded = (status: Order['status'] | undefined): boolean =>
  status === 'cancelled' || status === 'delivered' || status === 'returned';

function openMoney(
  balance: number,
  taken: number,
  order: Pick<Order, 'status' | 'total'> | undefined,
  gateway: GatewayBalance,
  currency = '',
): string[] {
  const text = (amount: number): string => describeMoney({ amount, currency });
  const differing =
    gateway !== undefined && gateway !== taken
      ? [`the gateway has taken ${text(gateway)}, the payment service says ${text(taken)}`]
      : [];
  const held = balance - taken;
  const isPaid = order?.status === 'confirmed' || order?.status === 'shipped' || order?.status === 'delivered';
  const due = isPaid ? order.total.amount : 0;
  return [
    ...differing,
    ...(held === 0 ? [] : [`${text(held)} is authorised, and neither captured nor voided`]),
    // Without the order nothing is known of what is due.
    ...(order === undefined || taken === due || held !== 0 ? [] : [`${text(taken)} is taken, ${text(due)} is due`]),
  ];
}

function openStock(line: StockLine, order: Pick<Order, 'status' | 'items'> | undefined): string[] {
  const { sku, reserved, released, shipped, returned } = line;
  const kept = reserved - released - shipped;
  if (kept !== 0) return [`${kept} x ${sku} reserved, and neither shipped nor released`];
  if (!isEnded(order?.status)) return [];
  const wanted = order?.status === 'delivered' ? order.items.find((item) => item.sku === sku)?.quantity : 0;
  const out = shipped - returned;
  return out === (wanted ?? 0) ? [] : [`${out} x ${sku} are out of the warehouse, ${wanted ?? 0} should be`];
}
