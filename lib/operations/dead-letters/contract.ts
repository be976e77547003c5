import { z } from 'zod';
import { normalizeId } from '../../ids/ids';
import { queue, time } from '../fields';

/** Of the message: a UUID of ours, or whatever somebody else's broker client chose. */
const letterIds = z.array(z.string().overwrite(normalizeId)).min(1).max(1_000);

const letterFilter = {
  queue: queue.optional(),
  reason: z.string().max(255).optional(),
  type: z.string().max(255).optional(),
  /** Only those that died before this time. */
  before: time.optional(),
};

/** `GET /ops/dead-letters` */
export const deadLetterQuery = z.strictObject(letterFilter);

/** `POST /ops/dead-letters/redrive` */
export const redriveRequest = z
  .strictObject({
    ...letterFilter,
    ids: letterIds.optional(),
    /** Only try whether the handlers would take them now, and take everything back. */
    dryRun: z.boolean().default(false),
    /** Also letters of which the broker cannot prove that their consumer has written them: look at them first. */
    anyOrigin: z.boolean().default(false),
    /** Replaces the data of the one letter that is named. */
    data: z.record(z.string(), z.unknown()).optional(),
  })
  .refine(({ data, ids }) => data === undefined || ids?.length === 1, {
    message: 'data replaces the body of one letter: name it in ids',
    path: ['data'],
  });

/** `POST /ops/dead-letters/discard`: never everything by mistake. */
export const discardRequest = z
  .strictObject({ ...letterFilter, ids: letterIds.optional() })
  .refine(
    (filter) => Object.values(filter).some((value) => value !== undefined),
    'say which: queue, reason, type, before or ids',
  );

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
  /** It failed again, or nobody knows: what came after was left where it is. */
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
