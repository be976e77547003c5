import { z } from 'zod';
import { duration, yearMs } from '../config/duration';

/** The settings of the reconciliation, as variables. */
export const reconciliationSettings = {
  /** How often the records of the services are compared; 0: never. */
  RECONCILE_EVERY_MS: z.coerce.number().int().min(0).max(yearMs).default(300_000),
  /** A stream is stalled when an event older than this is neither applied nor in a queue. */
  BEHIND_AFTER_MS: duration(300_000),
};
