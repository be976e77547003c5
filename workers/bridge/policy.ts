import { z } from 'zod';
import { requestedCurrency } from '../../contracts/money';
import { defaultPolicy, type SagaPolicy } from '../../contracts/saga/order';
import { duration } from '../config/duration';

/** The order total from which on a review is needed, by currency, in minor units. */
type ReviewThresholds = Readonly<Record<string, number>>;

/** About EUR 1,000 each. */
const defaultThresholds: ReviewThresholds = { EUR: 100_000, USD: 110_000, GBP: 85_000, CHF: 95_000, JPY: 160_000 };

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

/** The settings of new sagas, as variables. */
export const sagaSettings = {
  /** Orders with at least this total are reviewed by a person: `EUR=100000,JPY=160000`, in minor units. */
  REVIEW_THRESHOLDS: reviewThresholds.optional(),
  /** Deprecated: one amount of minor units for every currency without a threshold of its own. */
  REVIEW_FROM: z.coerce.number().int().min(0).optional(),
  /** How long an order waits for its review before it is cancelled. */
  REVIEW_TIMEOUT_MS: duration(defaultPolicy.reviewTimeoutMs),
  /** How long a saga waits for the delivery of a shipment before it requests an operator. */
  DELIVERY_TIMEOUT_MS: duration(defaultPolicy.deliveryTimeoutMs),
  /** Whether steps are first tried directly in the saga worker's process; by default where their owners run in it. */
  DIRECT_STEPS: z.stringbool().optional(),
  /** After how many failures a call that must succeed requests an operator. */
  ATTEMPTS_BEFORE_ALARM: z.coerce.number().int().min(1).max(1_000).default(defaultPolicy.attemptsBeforeAlarm),
};

export type SagaSettings = z.infer<z.ZodObject<typeof sagaSettings>>;

/**
 * The policy of a new saga.
 * @param currency of its order, where a review is possible
 * @param ownersAreHere whether this process runs the saga worker and every owner of steps
 */
export const policyOf = (settings: SagaSettings, currency: string | undefined, ownersAreHere = false): SagaPolicy => ({
  reviewFrom: reviewFrom(currency, settings.REVIEW_THRESHOLDS, settings.REVIEW_FROM),
  reviewTimeoutMs: settings.REVIEW_TIMEOUT_MS,
  deliveryTimeoutMs: settings.DELIVERY_TIMEOUT_MS,
  attemptsBeforeAlarm: settings.ATTEMPTS_BEFORE_ALARM,
  ...((settings.DIRECT_STEPS ?? ownersAreHere) ? { directSteps: true } : {}),
});

/**
 * The threshold of a currency. Orders in a currency without one are always reviewed: 100,000 of an unknown unit may be a
 * coffee or a house.
 * @param given thresholds from the environment; the defaults when there are none.
 * @param forOthers the older setting, one amount for every currency without a threshold of its own.
 */
export function reviewFrom(currency: string | undefined, given?: ReviewThresholds, forOthers?: number): number {
  const thresholds = given ?? (forOthers === undefined ? defaultThresholds : {});
  return (currency === undefined ? undefined : thresholds[currency]) ?? forOthers ?? 0;
}
