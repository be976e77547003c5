import { z } from 'zod';
import { anyCaseId } from '../../ids/ids';
import { queue, reason, service, stream, time } from '../fields';

/** `GET /ops/outbox` */
export const outboxResponse = z.strictObject({
  items: z.array(
    z.strictObject({
      service: z.string(),
      exchange: z.string(),
      paused: z.boolean(),
      unpublished: z.int(),
      oldestUnpublishedSeconds: z.number(),
      oldestHeldBackSeconds: z.number(),
      /** The open transaction that has held events back for more than 30 s; absent fields are hidden by PostgreSQL. */
      heldBackBy: z
        .strictObject({
          pid: z.int().optional(),
          application: z.string(),
          user: z.string(),
          state: z.string(),
          transactionSeconds: z.number().optional(),
          querySeconds: z.number().optional(),
        })
        .optional(),
      oldestRefusedSeconds: z.number(),
      /** Unpublished events, because no message can be made of them. */
      parked: z.int(),
      /** Events that a queue refused; they are retried. */
      refused: z.int(),
      cursor: z.int(),
      owner: z.string(),
      leaseExpires: z.iso.datetime(),
    }),
  ),
});
export type OutboxResponse = z.infer<typeof outboxResponse>;

/** `POST /ops/outbox/pause` and `/resume` */
export const outboxRequest = z.strictObject({ service });
export const pausedResponse = z.strictObject({ service: z.string(), paused: z.boolean() });

/** `POST /ops/outbox/replay`: from a position in the log, a time, or a version of one stream; to all queues or one. */
export const replayRequest = z
  .strictObject({
    service,
    position: z.int().min(0).optional(),
    time: time.optional(),
    stream: stream.optional(),
    version: z.int().min(1).optional(),
    queue: queue.optional(),
  })
  .refine(
    ({ position, time: at, stream: one }) => [position, at, one].filter((given) => given !== undefined).length === 1,
    'give exactly one of position, time and stream',
  )
  .refine(({ stream: one, version }) => version === undefined || one !== undefined, {
    message: 'version needs a stream',
    path: ['version'],
  });
export const replayResponse = z.strictObject({
  published: z.int(),
  /** Committed before the replay began but not yet published: not replayed; the relay publishes them later, once. */
  unpublished: z.int(),
  /** Of those: held back by a transaction that is still open. */
  heldBack: z.int(),
  /** Events that no message can be made of. */
  parked: z.int(),
});
export type ReplayResponse = z.infer<typeof replayResponse>;

/** `GET /ops/outbox/parked`: events that could not be published. */
export const unpublishedQuery = z.strictObject({ service: service.optional() });
export const unpublishedResponse = z.strictObject({
  items: z.array(
    z.strictObject({
      service: z.string(),
      position: z.int(),
      eventId: z.string(),
      stream: z.string(),
      version: z.int(),
      type: z.string(),
      /** `parked`: no message can be made of it; `refused`: a queue refuses it. */
      state: z.enum(['parked', 'refused']),
      reason: z.string(),
      /** When it was parked; for a refused one, when it is retried. */
      time: z.iso.datetime(),
    }),
  ),
});
export type UnpublishedResponse = z.infer<typeof unpublishedResponse>;

/** `POST /ops/outbox/parked/retry` */
export const unpublishedRetryRequest = z.strictObject({ service, id: anyCaseId });
/** `POST /ops/outbox/parked/discard` */
export const unpublishedDiscardRequest = z.strictObject({ service, id: anyCaseId, reason });
export const unpublishedTaken = z.strictObject({
  stream: z.string(),
  version: z.int(),
  type: z.string(),
  state: z.enum(['parked', 'refused']),
});
export type UnpublishedTaken = z.infer<typeof unpublishedTaken>;
