import { z } from 'zod';

const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const queue = z.string().min(1).max(255);

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
    ids: z.array(z.string()).min(1).max(1_000).optional(),
    /** Only try whether the handlers would take them now, and take everything back. */
    dryRun: z.boolean().default(false),
    /** Replaces the data of the one letter that is named. */
    data: z.record(z.string(), z.unknown()).optional(),
  })
  .refine(({ data, ids }) => data === undefined || ids?.length === 1, {
    message: 'data replaces the body of one letter: name it in ids',
    path: ['data'],
  });

/** `POST /ops/dead-letters/discard`: never everything by mistake. */
export const discardRequest = z
  .strictObject({ ...letterFilter, ids: z.array(z.string()).min(1).max(1_000).optional() })
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
      outcome: z.enum(['applied', 'waits', 'failed', 'unknown', 'would work', 'would fail']),
      why: z.string().optional(),
    }),
  ),
});
export type RedriveResponse = z.infer<typeof redriveResponse>;

export const discardResponse = z.strictObject({ discarded: z.int() });

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

/** `POST /ops/parked/release` */
export const releaseRequest = z.strictObject({ queue, stream: z.string().min(1).max(255) });
export const releaseResponse = z.strictObject({ skippedVersions: z.int() });

const service = z.string().min(1).max(50);
export const outboxResponse = z.strictObject({
  items: z.array(
    z.strictObject({
      service: z.string(),
      exchange: z.string(),
      paused: z.boolean(),
      unpublished: z.int(),
      oldestUnpublishedSeconds: z.number(),
      oldestHeldBackSeconds: z.number(),
      oldestRefusedSeconds: z.number(),
      /** Events that no message could be made of. */
      parked: z.int(),
      /** Events that some queue did not take, to be tried again. */
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

/** `POST /ops/outbox/replay`: from a place in the log or a time; to everybody, or to one queue. */
export const replayRequest = z
  .strictObject({ service, position: z.int().min(0).optional(), time: time.optional(), queue: queue.optional() })
  .refine(({ position, time: at }) => (position === undefined) !== (at === undefined), 'give a position or a time');
export const replayResponse = z.strictObject({ published: z.int() });

/** `GET /ops/audit`: the newest first. */
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

const saga = z.strictObject({
  workflowId: z.string(),
  orderId: z.string(),
  execution: z.string(),
  status: z.string().optional(),
  /** The activity that waits for an operator. */
  stuckStep: z.string().optional(),
  startedAt: z.iso.datetime(),
});

/** `GET /ops/sagas`: those that wait for an operator. */
export const sagasResponse = z.strictObject({ items: z.array(saga) });
export type SagasResponse = z.infer<typeof sagasResponse>;

/** `GET /ops/sagas/:orderId` */
export const sagaResponse = saga.extend({
  undos: z.array(z.string()),
  stuck: z.strictObject({ step: z.string(), why: z.string(), since: z.iso.datetime() }).optional(),
});
export type SagaResponse = z.infer<typeof sagaResponse>;

/** `POST /ops/sagas/:orderId/decide`: leaving a step out, or giving its result by hand, needs a reason. */
export const sagaDecision = z
  .strictObject({
    action: z.enum(['retry', 'skip', 'resolve']),
    /** Only when the saga still waits at this step. */
    step: z.string().min(1).max(100).optional(),
    reason: z.string().min(1).max(500).optional(),
    result: z.unknown().optional(),
  })
  .refine(({ action, reason }) => action === 'retry' || reason !== undefined, {
    message: 'say why',
    path: ['reason'],
  });
export type SagaDecision = z.infer<typeof sagaDecision>;

/** `POST /ops/sagas/:orderId/restart` */
export const sagaRestart = z.strictObject({ reason: z.string().min(1).max(500) });

export const sagaDecided = z.strictObject({ orderId: z.string(), action: z.string() });

/** `POST /ops/drift/:orderId/settle` */
export const driftSettlement = z.strictObject({
  /** The kind of difference, as `sagaworks audit` names it. */
  kind: z
    .string()
    .regex(/^[a-z]+(-[a-z]+)*$/)
    .max(100),
  reason: z.string().min(1).max(500),
});
export const driftSettled = z.strictObject({ orderId: z.string(), kind: z.string() });
