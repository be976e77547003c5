import type { PlacedOrder } from './order';

/** Minor units; as text where a sum may be beyond 2^53. */
interface Amount {
  amount: number | string;
  currency: string;
}

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

const fourDigits = new Set(['CLF', 'UYW']);

/** How many digits after the point a currency's minor unit stands for. */
export const fractionDigits = (currency: string): number =>
  noDigits.has(currency) ? 0 : threeDigits.has(currency) ? 3 : fourDigits.has(currency) ? 4 : 2;

/** An amount of minor units as a decimal number, without floats: with them 7128000000000001 cents end in .02. */
export function toDecimal({ amount, currency }: Amount): `${number}` {
  const digits = fractionDigits(currency);
  const [, sign = '', minor = ''] = /^(-?)(.*)$/.exec(String(amount)) ?? [];
  const padded = minor.padStart(digits + 1, '0');
  const whole = padded.slice(0, padded.length - digits);
  return `${sign}${whole}${digits > 0 ? `.${padded.slice(-digits)}` : ''}` as `${number}`;
}

/** Money in logs, the command line and the Web UI: `EUR 25.00`, `JPY 2500`. E-mails have the notation of their language. */
export const describeMoney = (money: Amount): string => `${money.currency} ${toDecimal(money)}`;
