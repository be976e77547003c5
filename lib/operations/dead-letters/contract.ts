import { z } from 'zod';
import { normalizeId } from '../../ids/ids';
import { queue, time } from '../fields';

/** Message ids: UUIDs of this platform, or any text that another broker client chose. */
const deadLetterIds = z.array(z.string().overwrite(normalizeId)).min(1).max(1_000);

const deadLetterFilter = {
  queue: queue.optional(),
  reason: z.string().max(255).optional(),
  type: z.string().max(255).optional(),
  /** Only those that were dead-lettered before this time. */
  before: time.optional(),
};

/** `GET /ops/dead-letters` */
export const deadLetterQuery = z.strictObject(deadLetterFilter);

interface Conditions {
  queue?: unknown;
  reason?: unknown;
  type?: unknown;
  before?: unknown;
  ids?: unknown;
}
const hasCondition = ({ queue, reason, type, before, ids }: Conditions): boolean =>
  [queue, reason, type, before, ids].some((value) => value !== undefined);
const conditions = 'give at least one of queue, reason, type, before and ids';

/** `POST /ops/dead-letters/redrive`; at least one condition, or `all`, so that nothing is redriven by mistake. */
export const redriveRequest = z
  .strictObject({
    ...deadLetterFilter,
    ids: deadLetterIds.optional(),
    /** Says that every dead letter is meant; without it, a condition is required. */
    all: z.literal(true).optional(),
    /** Only tries whether the handlers would accept them now, and rolls everything back. */
    dryRun: z.boolean().default(false),
    /** Also those whose origin the broker cannot prove; inspect them first. */
    anyOrigin: z.boolean().default(false),
    /** Replaces the data of the one dead letter in `ids`. */
    data: z.record(z.string(), z.unknown()).optional(),
  })
  .refine((request) => request.all === true || hasCondition(request), `${conditions}, or all: true`)
  .refine(({ data, ids }) => data === undefined || ids?.length === 1, {
    message: 'data replaces the body of one dead letter: name it in ids',
    path: ['data'],
  });

/** `POST /ops/dead-letters/discard`; at least one condition, so that nothing is discarded by mistake. */
export const discardRequest = z
  .strictObject({ ...deadLetterFilter, ids: deadLetterIds.optional() })
  .refine(hasCondition, conditions);

const deadLetter = z.strictObject({
  id: z.string(),
  queue: z.string(),
  type: z.string(),
  reason: z.string(),
  stream: z.string().optional(),
  version: z.int().optional(),
  attempts: z.int(),
  redrives: z.int(),
  firstFailedAt: z.string().optional(),
  firstError: z.string().optional(),
  lastFailedAt: z.string().optional(),
  lastError: z.string().optional(),
  stack: z.string().optional(),
  correlationId: z.string().optional(),
  body: z.string(),
});
export const deadLettersResponse = z.strictObject({
  groups: z.array(z.strictObject({ queue: z.string(), reason: z.string(), type: z.string(), count: z.int() })),
  items: z.array(deadLetter),
});
export type DeadLettersResponse = z.infer<typeof deadLettersResponse>;

export const redriveResponse = z.strictObject({
  matched: z.int(),
  /** One failed again, or its outcome is unknown: the rest was left in the queue. */
  stopped: z.boolean(),
  letters: z.array(
    z.strictObject({
      id: z.string(),
      queue: z.string(),
      outcome: z.enum(['applied', 'waits', 'failed', 'unknown', 'untrusted', 'would work', 'would fail']),
      why: z.string().optional(),
    }),
  ),
});
export type RedriveResponse = z.infer<typeof redriveResponse>;

export const discardResponse = z.strictObject({ discarded: z.int() });
