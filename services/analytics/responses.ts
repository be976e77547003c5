import type { z } from 'zod';
import type { funnelResponse, salesResponse, topProductsResponse } from '../../contracts/http/analytics';
import { cancelReasons } from '../../contracts/saga/activities';
import type { Cell } from '../../lib/http/csv';
import type { FunnelLine } from './funnel-store';
import type { ProductLine } from './products-store';
import type { SalesLine } from './sales-store';

type Sales = z.infer<typeof salesResponse>['items'][number];
type TopProduct = z.infer<typeof topProductsResponse>['items'][number];
type Funnel = z.infer<typeof funnelResponse>['items'][number];

/** A number while that is exact, otherwise its digits. */
function sum(digits: string): number | string {
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : digits;
}

export const toSales = (line: SalesLine): Sales => ({
  start: line.start.toISOString(),
  currency: line.currency,
  revenue: sum(line.revenue),
  refunds: sum(line.refunds),
  net: sum(line.net),
  orders: line.orders,
  refundedOrders: line.refundedOrders,
  units: sum(line.units),
  averageBasket: line.averageBasket === null ? null : sum(line.averageBasket),
});

export const toTopProduct = (line: ProductLine): TopProduct => ({
  currency: line.currency,
  rank: line.rank,
  sku: line.sku,
  name: line.name,
  revenue: sum(line.revenue),
  refunds: sum(line.refunds),
  net: sum(line.net),
  units: sum(line.units),
  returnedUnits: sum(line.returnedUnits),
});

export const toFunnel = (line: FunnelLine): Funnel => ({ ...line, start: line.start.toISOString() });

/** The columns of the CSV forms: those of the JSON, with one column per cancellation reason. */
export const salesColumns = [
  'start',
  'currency',
  'revenue',
  'refunds',
  'net',
  'orders',
  'refundedOrders',
  'units',
  'averageBasket',
] as const satisfies (keyof Sales)[];

export const topProductColumns = [
  'currency',
  'rank',
  'sku',
  'name',
  'revenue',
  'refunds',
  'net',
  'units',
  'returnedUnits',
] as const satisfies (keyof TopProduct)[];

const funnelNumbers = [
  'start',
  'currency',
  'placed',
  'confirmed',
  'cancelled',
  'conversion',
  'confirmedP50Ms',
  'confirmedP95Ms',
] as const satisfies (keyof Funnel)[];

const knownReasons: readonly string[] = cancelReasons;

/** A column for each current reason, and one for all others. */
export const funnelColumns = [...funnelNumbers, ...[...knownReasons, 'other'].map((reason) => `cancelled:${reason}`)];

export const funnelCells = (line: Funnel) => [
  ...cellsOf(funnelNumbers)(line),
  ...knownReasons.map((reason) => line.cancellations[reason] ?? 0),
  Object.entries(line.cancellations).reduce((sum, [reason, n]) => (knownReasons.includes(reason) ? sum : sum + n), 0),
];

/** The cells of a row, in the order of the columns. */
export const cellsOf =
  <Key extends string>(columns: readonly Key[]) =>
  (row: Record<Key, Cell>): Cell[] =>
    columns.map((column) => row[column]);
