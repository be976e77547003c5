import { z } from 'zod';
import { requestedCurrency } from '../../contracts/money';

/** From which total on a person looks at an order, by currency, in minor units. */
export type ReviewThresholds = Readonly<Record<string, number>>;

/** About EUR 1,000 each. */
const usual: ReviewThresholds = { EUR: 100_000, USD: 110_000, GBP: 85_000, CHF: 95_000, JPY: 160_000 };

/** `EUR=100000,JPY=160000`: each currency once. */
export const reviewThresholds = z
  .string()
  .regex(
    /^[A-Z]{3}=\d{1,15}(,[A-Z]{3}=\d{1,15})*$/,
    'must be amounts in minor units by currency, such as EUR=100000,JPY=160000',
  )
  .transform((text) => text.split(',').map((pair) => pair.split('=') as [string, string]))
  .refine((pairs) => pairs.every(([code]) => requestedCurrency.safeParse(code).success), 'names an unknown currency')
  .refine((pairs) => new Set(pairs.map(([code]) => code)).size === pairs.length, 'names a currency twice')
  .transform((pairs): ReviewThresholds => Object.fromEntries(pairs.map(([code, amount]) => [code, Number(amount)])));

/**
 * The threshold of a currency. An order in a currency that has none is always reviewed: 100,000 of an unknown unit may be
 * a coffee or a house.
 * @param given what the environment says; without it the usual ones hold.
 * @param forOthers the older setting, one amount for every currency that has none of its own.
 */
export function reviewFrom(currency: string | undefined, given?: ReviewThresholds, forOthers?: number): number {
  const thresholds = given ?? (forOthers === undefined ? usual : {});
  return (currency === undefined ? undefined : thresholds[currency]) ?? forOthers ?? 0;
}
