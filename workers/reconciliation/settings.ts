import { z } from 'zod';
import { duration, yearMs } from '../config/duration';

/** How the books are compared, as variables. */
export const reconciliationSettings = {
  /** How often the books of the services are compared; 0: never. */
  RECONCILE_EVERY_MS: z.coerce.number().int().min(0).max(yearMs).default(300_000),
  /** A stream of which something older than this is not applied, and in no queue, stands still. */
  BEHIND_AFTER_MS: duration(300_000),
};
