import { z } from 'zod';

/** `GET /ops/consumers` */
export const consumersResponse = z.strictObject({
  items: z.array(
    z.strictObject({
      service: z.string(),
      queue: z.string(),
      state: z
        .enum(['flowing', 'held', 'elsewhere'])
        .describe('held: it waits for a system that is away; elsewhere: no consumer of it runs in this process'),
      reason: z.string().optional(),
      heldSince: z.iso.datetime().optional(),
    }),
  ),
});
export type ConsumersResponse = z.infer<typeof consumersResponse>;
