import { z } from 'zod';

const outcome = z.enum(['allowed', 'denied']);

/** `GET /ops/decisions`: newest first. */
export const decisionsQuery = z.strictObject({
  outcome: outcome.optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});
export const decisionsResponse = z.strictObject({
  items: z.array(
    z.strictObject({
      time: z.iso.datetime(),
      actor: z.string(),
      role: z.string(),
      scope: z.string(),
      route: z.string(),
      object: z.string(),
      outcome,
      status: z.int(),
    }),
  ),
});
