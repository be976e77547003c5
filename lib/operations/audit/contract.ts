import { z } from 'zod';

/** `GET /ops/audit`: newest first. */
export const auditQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(1_000).default(100) });
export const auditResponse = z.strictObject({
  items: z.array(
    z.strictObject({
      service: z.string(),
      time: z.iso.datetime(),
      actor: z.string(),
      action: z.string(),
      target: z.string(),
      request: z.unknown(),
      outcome: z.unknown(),
    }),
  ),
});
