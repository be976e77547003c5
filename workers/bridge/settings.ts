import { z } from 'zod';
import { defaultPolicy, type SagaPolicy } from '../../contracts/saga/order';
import { duration } from '../config/duration';
import { reviewFrom, reviewThresholds } from './review-thresholds';

/** What a new saga is told, as variables. */
export const sagaSettings = {
  /** Orders of so much or more wait for a person's review: `EUR=100000,JPY=160000`, in minor units. */
  REVIEW_THRESHOLDS: reviewThresholds.optional(),
  /** Deprecated: one amount of minor units for every currency without a threshold of its own. */
  REVIEW_FROM: z.coerce.number().int().min(0).optional(),
  REVIEW_TIMEOUT_MS: duration(defaultPolicy.reviewTimeoutMs),
  DELIVERY_TIMEOUT_MS: duration(defaultPolicy.deliveryTimeoutMs),
  /** A saga's call that must succeed asks for an operator after so many failures. */
  ATTEMPTS_BEFORE_ALARM: z.coerce.number().int().min(1).max(1_000).default(defaultPolicy.attemptsBeforeAlarm),
};

export type SagaSettings = z.infer<z.ZodObject<typeof sagaSettings>>;

/** What a new saga is told. @param currency of its order, where it may be reviewed. */
export const policyOf = (settings: SagaSettings, currency: string | undefined): SagaPolicy => ({
  reviewFrom: reviewFrom(currency, settings.REVIEW_THRESHOLDS, settings.REVIEW_FROM),
  reviewTimeoutMs: settings.REVIEW_TIMEOUT_MS,
  deliveryTimeoutMs: settings.DELIVERY_TIMEOUT_MS,
  attemptsBeforeAlarm: settings.ATTEMPTS_BEFORE_ALARM,
});
