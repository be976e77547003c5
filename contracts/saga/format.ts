import type { PlacedOrder } from './order';

/** Minor units; as text where a sum may exceed 2^53. */
interface Amount {
  amount: number | string;
  currency: string;
}

/** How many lines are named: Temporal refuses summaries of more than 400 bytes, and with them the workflow task. */
const namedLines = 3;

/** The lines of an order as text: `2 × TEA-1, 1 × CUP-2`. */
export function describeItems({ items }: Pick<PlacedOrder, 'items'>): string {
  const named = items.slice(0, namedLines).map(({ sku, quantity }) => `${quantity} × ${sku}`);
  const others = items.length - named.length;
  return [...named, ...(others > 0 ? [`${others} more`] : [])].join(', ');
}

/** The currencies of ISO 4217 without two decimals; `Intl` knows them too, but takes half a millisecond per order. */
const noDigits = new Set('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' '));
const threeDigits = new Set('BHD IQD JOD KWD LYD OMR TND'.split(' '));

const fourDigits = new Set(['CLF', 'UYW']);

/** The number of decimals of a currency. */
export const fractionDigits = (currency: string): number =>
  noDigits.has(currency) ? 0 : threeDigits.has(currency) ? 3 : fourDigits.has(currency) ? 4 : 2;

/** An amount of minor units as a decimal number, without floats, which turn 7128000000000001 cents into ….02. */
export function toDecimal({ amount, currency }: Amount): `${number}` {
  const digits = fractionDigits(currency);
  const [, sign = '', minor = ''] = /^(-?)(.*)$/.exec(String(amount)) ?? [];
  const padded = minor.padStart(digits + 1, '0');
  const whole = padded.slice(0, padded.length - digits);
  return `${sign}${whole}${digits > 0 ? `.${padded.slice(-digits)}` : ''}` as `${number}`;
}

/** Money in logs, the command line and the Web UI: `EUR 25.00`, `JPY 2500`. E-mails use the notation of their language. */
export const describeMoney = (money: Amount): string => `${money.currency} ${toDecimal(money)}`;
