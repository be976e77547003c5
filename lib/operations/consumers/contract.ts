import { z } from 'zod';

/** `GET /ops/consumers` */
export const consumersResponse = z.strictObject({
  items: z.array(
    z.strictObject({
      service: z.string(),
      queue: z.string(),
      state: z
        .enum(['flowing', 'held', 'elsewhere'])
        .describe(
          'flowing: messages are consumed; held: paused until an unavailable system is back; elsewhere: its consumer runs in another process, which does not say that it is held',
        ),
      reason: z.string().optional(),
      heldSince: z.iso.datetime().optional(),
    }),
  ),
});
export type ConsumersResponse = z.infer<typeof consumersResponse>;
