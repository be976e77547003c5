import { z } from 'zod';

/** The largest amount in minor units: sums of 100 order lines of 10,000 pieces stay below 2^53. */
const largestAmount = 9_000_000_000;

/** A currency in events, including those that requests can no longer name. */
export const currency = z.string().regex(/^[A-Z]{3}$/, { error: 'must be an ISO 4217 code such as EUR', abort: true });

/** ICU's currencies in use; of the codes that begin with X only money, not metals, units of account or test codes. */
const inUse: ReadonlySet<string> = new Set(
  Intl.supportedValuesOf('currency').filter((code) => /^([^X]|XAF|XCD|XCG|XOF|XPF)/.test(code)),
);

/** A currency in a request. Codes in lower case are refused, not guessed. */
export const requestedCurrency = currency.refine((code) => inUse.has(code), 'is not the code of a currency (ISO 4217)');

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
