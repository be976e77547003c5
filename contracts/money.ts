import { z } from 'zod';

/** The largest amount in minor units: sums of 100 order lines of 10,000 pieces stay below 2^53. */
const largestAmount = 9_000_000_000;

/** As what is stored and published has it: also those that no request can name any more. */
export const currency = z.string().regex(/^[A-Z]{3}$/, { error: 'an ISO 4217 code such as EUR', abort: true });

/** ICU's currencies that are in use; of the codes beginning with X only those that are money, not metals, units or tests. */
const inUse: ReadonlySet<string> = new Set(
  Intl.supportedValuesOf('currency').filter((code) => /^([^X]|XAF|XCD|XCG|XOF|XPF)/.test(code)),
);

/** A currency in a request. Codes in lower case are refused, not guessed at. */
export const requestedCurrency = currency.refine((code) => inUse.has(code), 'no currency has this code (ISO 4217)');

/** An amount in integer minor units (cents) with its ISO 4217 currency. */
export const money = z.strictObject({
  amount: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
  currency,
});

/** A price per piece: money small enough that no order total leaves the safe integers. */
export const price = z.strictObject({ ...money.shape, amount: z.int().min(0).max(largestAmount) });

/** A price in a request. */
export const requestedPrice = z.strictObject({ ...price.shape, currency: requestedCurrency });

export type Money = z.infer<typeof money>;

/** The sum of `unit × quantity` over all lines. All lines must share one currency; that is checked by the caller. */
export function totalOf(lines: readonly { price: Money; quantity: number }[]): Money {
  const currency = lines[0]?.price.currency ?? 'EUR';
  return { amount: lines.reduce((sum, line) => sum + line.price.amount * line.quantity, 0), currency };
}
