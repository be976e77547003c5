import type { PlacedOrder } from './order';

/** So many lines are named: Temporal refuses a summary of more than 400 bytes, and with it the workflow's task. */
const namedLines = 3;

/** An order's lines for the eye: `2 × TEA-1, 1 × CUP-2`. */
export function describeItems({ items }: Pick<PlacedOrder, 'items'>): string {
  const named = items.slice(0, namedLines).map(({ sku, quantity }) => `${quantity} × ${sku}`);
  const others = items.length - named.length;
  return [...named, ...(others > 0 ? [`${others} more`] : [])].join(', ');
}

/** ISO 4217's currencies that have not two digits after the point; `Intl` knows them too, at half a millisecond an order. */
const noDigits = new Set('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' '));
const threeDigits = new Set('BHD IQD JOD KWD LYD OMR TND'.split(' '));

/** Money for the eye: `EUR 25.00`, `JPY 2500`. */
export function describeMoney({ amount, currency }: PlacedOrder['total']): string {
  const digits = noDigits.has(currency) ? 0 : threeDigits.has(currency) ? 3 : 2;
  return `${currency} ${(amount / 10 ** digits).toFixed(digits)}`;
}
