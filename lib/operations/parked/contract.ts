import { z } from 'zod';
import { eventId, queue, reason, stream } from '../fields';

/** `GET /ops/parked` */
export const parkedQuery = z.strictObject({ queue: queue.optional() });
export const parkedResponse = z.strictObject({
  items: z.array(
    z.strictObject({
      queue: z.string(),
      subscription: z.string(),
      stream: z.string(),
      version: z.int(),
      reached: z.int(),
      eventId: z.string(),
      type: z.string(),
      reason: z.string(),
      parkedAt: z.iso.datetime(),
    }),
  ),
});
export type ParkedResponse = z.infer<typeof parkedResponse>;

/** `POST /ops/parked/release`: the first parked event of a stream, or the one with this id. */
export const releaseRequest = z.strictObject({ queue, stream, id: eventId.optional() });
export const releaseResponse = z.strictObject({ skippedVersions: z.int() });

/** `POST /ops/parked/discard` */
export const parkedDiscardRequest = z.strictObject({ queue, stream, id: eventId, reason });
