import type { orderCreated, orderReduced } from '../../contracts/events/order';
import type { DataOf } from '../../lib/events/define';
import type { EventRow } from '../../lib/eventlog/tables';

/** The numbers of analytics once more, straight from a log and in plain code: what the service has to agree with. */
export interface NumbersOf {
  /** From the first moment on, before the second. */
  from: string;
  to: string;
  bucket?: 'minute' | 'hour' | 'day' | 'month';
}

type Created = DataOf<typeof orderCreated>;
type Reduced = DataOf<typeof orderReduced>;
type Line = Pick<Created['items'][number], 'sku' | 'quantity' | 'lineTotal'>;
interface Booking {
  time: Date;
  currency: string;
  total: number;
  lines: Line[];
}

const keyWidth = { minute: 16, hour: 13, day: 10, month: 7 } as const;

/** The beginning of the bucket, by cutting its time short. */
function startOf(time: Date, { bucket, from }: NumbersOf): string {
  if (bucket === undefined) return from;
  const text = time.toISOString().slice(0, keyWidth[bucket]);
  return new Date(`${text}${'0000-01-01T00:00:00.000Z'.slice(text.length)}`).toISOString();
}

const within = (time: Date | undefined, { from, to }: NumbersOf): boolean =>
  time !== undefined && time >= new Date(from) && time < new Date(to);

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const unitsOf = (lines: readonly Line[]): number => sum(lines.map(({ quantity }) => quantity));

/** The events of each order, in order. */
const ordersIn = (log: readonly EventRow[]): EventRow[][] =>
  grouped(
    [...log].sort((a, b) => a.version - b.version),
    ({ stream }) => stream,
  ).map(([, events]) => events);

const dataOf = (events: readonly EventRow[], type: string): unknown =>
  events.find((event) => event.type === type)?.data;
const timeOf = (events: readonly EventRow[], type: string): Date | undefined =>
  events.find((event) => event.type === type)?.time;

function bookingOf(events: readonly EventRow[], time: Date): Booking {
  const created = dataOf(events, 'order.created') as Created | undefined;
  if (!created) throw new Error('An order was never placed');
  const reduced = dataOf(events, 'order.reduced') as Reduced | undefined;
  const lines = created.items.filter(({ sku }) => !reduced?.dropped.includes(sku));
  return { time, currency: created.total.currency, total: (reduced ?? created).total.amount, lines };
}

/** What was sold, and what went back, in a range. */
function bookingsIn(log: readonly EventRow[], asked: NumbersOf): { sold: Booking[]; back: Booking[] } {
  const sold: Booking[] = [];
  const back: Booking[] = [];
  for (const events of ordersIn(log)) {
    const confirmed = timeOf(events, 'order.confirmed');
    if (!confirmed) continue;
    const refunded = timeOf(events, 'order.cancelled') ?? timeOf(events, 'order.returned');
    if (within(confirmed, asked)) sold.push(bookingOf(events, confirmed));
    if (refunded && within(refunded, asked)) back.push(bookingOf(events, refunded));
  }
  return { sold, back };
}

export function salesIn(log: readonly EventRow[], asked: NumbersOf) {
  const { sold, back } = bookingsIn(log, asked);
  const keyOf = ({ time, currency }: Booking): string => `${startOf(time, asked)} ${currency}`;
  return grouped([...sold, ...back], keyOf).map(([key]) => {
    const [start = '', currency = ''] = key.split(' ');
    const mine = sold.filter((booking) => keyOf(booking) === key);
    const gone = back.filter((booking) => keyOf(booking) === key);
    const revenue = sum(mine.map(({ total }) => total));
    const refunds = sum(gone.map(({ total }) => total));
    return {
      start,
      currency,
      revenue,
      refunds,
      net: revenue - refunds,
      orders: mine.length,
      refundedOrders: gone.length,
      units: sum(mine.map(({ lines }) => unitsOf(lines))),
      averageBasket: mine.length === 0 ? null : Math.round(revenue / mine.length),
    };
  });
}

export function productsIn(log: readonly EventRow[], asked: NumbersOf, by: 'revenue' | 'units') {
  const { sold, back } = bookingsIn(log, asked);
  const linesOf = (bookings: Booking[]) =>
    bookings.flatMap(({ currency, lines }) => lines.map((line) => ({ ...line, key: `${currency} ${line.sku}` })));
  const [mine, gone] = [linesOf(sold), linesOf(back)];
  const products = grouped([...mine, ...gone], ({ key }) => key).map(([key]) => {
    const [currency = '', sku = ''] = key.split(' ');
    const amountOf = (lines: typeof mine) =>
      sum(lines.filter((line) => line.key === key).map(({ lineTotal }) => lineTotal.amount));
    const piecesOf = (lines: typeof mine) => unitsOf(lines.filter((line) => line.key === key));
    const [revenue, refunds, units, returnedUnits] = [amountOf(mine), amountOf(gone), piecesOf(mine), piecesOf(gone)];
    return { currency, sku, name: null, revenue, refunds, net: revenue - refunds, units, returnedUnits };
  });
  const measure = (one: (typeof products)[number]) => (by === 'revenue' ? one.net : one.units - one.returnedUnits);
  return grouped(products, ({ currency }) => currency).flatMap(([, theirs]) =>
    theirs
      .sort((a, b) => measure(b) - measure(a) || (a.sku < b.sku ? -1 : 1))
      .map((product, index) => ({ ...product, rank: index + 1 })),
  );
}

export function funnelIn(log: readonly EventRow[], asked: NumbersOf) {
  const placed = ordersIn(log).flatMap((events) => {
    const time = timeOf(events, 'order.created');
    return time && within(time, asked) ? [{ events, time, currency: bookingOf(events, time).currency }] : [];
  });
  const keyOf = ({ time, currency }: (typeof placed)[number]): string => `${startOf(time, asked)} ${currency}`;
  return grouped(placed, keyOf).map(([key, orders]) => {
    const [start = '', currency = ''] = key.split(' ');
    const waits = orders.flatMap(({ events, time }) => {
      const confirmed = timeOf(events, 'order.confirmed');
      return confirmed ? [confirmed.getTime() - time.getTime()] : [];
    });
    const reasons = orders.flatMap(
      ({ events }) => (dataOf(events, 'order.cancelled') as { reason: string } | undefined)?.reason ?? [],
    );
    return {
      start,
      currency,
      placed: orders.length,
      confirmed: waits.length,
      cancelled: reasons.length,
      conversion: Math.round((waits.length / orders.length) * 10_000) / 10_000,
      cancellations: Object.fromEntries(
        grouped(reasons, (reason) => reason).map(([reason, all]) => [reason, all.length]),
      ),
      confirmedP50Ms: nearestRank(waits, 0.5),
      confirmedP95Ms: nearestRank(waits, 0.95),
    };
  });
}

function nearestRank(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? null;
}
